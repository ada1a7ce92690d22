import type { Nest } from "../nest/nest.ts";
import type { Code, Local } from "../wasm/code.ts";
import { addCoordinates } from "./addCoordinates.ts";

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
  return {
    ...starts,
    update(row) {
      const place = (start: Local, argument: number, offset: number, strides: readonly number[]): void => {
        code.get(argumentAt(pointers, argument));
        if (offset > 0) code.i32(ELEMENT * offset).plain("i32.add");
        if (row !== undefined) addCoordinates(code, row, outer, strides.slice(0, -1), ELEMENT);
        code.set(start);
      };
      for (const [i, { argument, offset, strides }] of reads.entries()) {
        const start = starts.reads[i];
        if (start !== undefined && strides.some((stride) => stride !== 0))
          place(start, argument, offset, strides);
      }
      for (const [i, { argument, offset, strides }] of writes.entries()) {
        const start = starts.writes[i];
        if (start !== undefined) place(start, argument, offset, strides);
      }
    },
  };
}

export function argumentAt(pointers: readonly Local[], argument: number): Local {
  const found = pointers[argument];
  if (found === undefined) throw new Error("internal: a nest without that argument");
  return found;
}
