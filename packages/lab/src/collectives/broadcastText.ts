import type { Collectives } from "./collectives.ts";

/** The text of rank `root`, on every rank; what the others give is not looked at. */
export function broadcastText(collectives: Collectives, root: number, text: string): string {
  const own = new TextEncoder().encode(text);
  const length = collectives.allGather([own.length])[root]?.[0] ?? 0;
  const bytes = collectives.rank === root ? own : new Uint8Array(length);
  collectives.broadcast(root, bytes);
  return new TextDecoder().decode(bytes);
}
