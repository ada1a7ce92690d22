import type { Schedule } from "./schedule.ts";

/** Memory for intermediate results: pieces of these sizes, and the piece of each buffer that needs one. */
export interface Scratch {
  readonly sizes: readonly number[];
  readonly pieceOf: ReadonlyMap<number, number>;
}

/** Buffers whose lives do not overlap share a piece of their size. */
export function scratchOf({ buffers, stages }: Schedule): Scratch {
  const lives = new Map<number, { first: number; last: number }>();
  for (const [stage, calls] of stages.entries())
    for (const buffer of calls.flatMap((call) => call.buffers))
      if (buffers[buffer]?.role.kind === "scratch")
        lives.set(buffer, { first: lives.get(buffer)?.first ?? stage, last: stage });
  const pieces: { readonly size: number; free: number }[] = [];
  const pieceOf = new Map<number, number>();
  for (const [buffer, { first, last }] of [...lives].sort(([, a], [, b]) => a.first - b.first)) {
    const size = buffers[buffer]?.size ?? 0;
    const found = pieces.findIndex((piece) => piece.size === size && piece.free <= first);
    const at = found >= 0 ? found : pieces.push({ size, free: 0 }) - 1;
    pieces[at] = { size, free: last + 1 };
    pieceOf.set(buffer, at);
  }
  return { sizes: pieces.map(({ size }) => size), pieceOf };
}
