import { type Nest, sizeOf } from "../nest/nest.ts";
import type { Code, Local } from "../wasm/code.ts";

const ELEMENT = 4;

/** Addresses where the present row begins in what a nest reads and writes. */
export interface RowStarts {
  readonly reads: readonly Local[];
  readonly writes: readonly Local[];
  /** Moves to a row, counted over all dimensions but the last. Without one: to the only row. */
  update(row?: Local): void;
}

export function rowStarts(
  { dimensions, reads, writes }: Nest,
  code: Code,
  pointers: readonly Local[],
): RowStarts {
  const outer = dimensions.slice(0, -1);
  const locals = (count: number): Local[] => Array.from({ length: count }, () => code.local("i32"));
  const starts = { reads: locals(reads.length), writes: locals(writes.length) };
  const dense = outer.map((_, i) => sizeOf(dimensions.slice(i + 1)));
  /** Adds `strides` times the row's coordinates to the address on the stack. */
  const advance = (row: Local, strides: readonly number[]): void => {
    if (strides.every((stride, i) => stride === dense[i])) {
      code
        .get(row)
        .i32(ELEMENT * (dimensions.at(-1) ?? 1))
        .plain("i32.mul", "i32.add");
      return;
    }
    for (const [i, n] of outer.entries()) {
      const stride = strides[i] ?? 0;
      if (stride === 0) continue;
      code.get(row);
      const below = sizeOf(outer.slice(i + 1));
      if (below > 1) code.i32(below).plain("i32.div_u");
      if (i > 0) code.i32(n).plain("i32.rem_u");
      code.i32(ELEMENT * stride).plain("i32.mul", "i32.add");
    }
  };
  return {
    ...starts,
    update(row) {
      const place = (start: Local, argument: number, offset: number, strides: readonly number[]): void => {
        code.get(argumentAt(pointers, argument));
        if (offset > 0) code.i32(ELEMENT * offset).plain("i32.add");
        if (row !== undefined) advance(row, strides);
        code.set(start);
      };
      for (const [i, { argument, offset, strides }] of reads.entries()) {
        const start = starts.reads[i];
        if (start !== undefined && strides.some((stride) => stride !== 0))
          place(start, argument, offset, strides);
      }
      for (const [i, { argument }] of writes.entries()) {
        const start = starts.writes[i];
        if (start !== undefined) place(start, argument, 0, dense);
      }
    },
  };
}

export function argumentAt(pointers: readonly Local[], argument: number): Local {
  const found = pointers[argument];
  if (found === undefined) throw new Error("internal: a nest without that argument");
  return found;
}
