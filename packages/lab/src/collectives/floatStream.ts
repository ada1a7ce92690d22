/** Several arrays one after the other, read and written in pieces that need not end where an array ends. */
export class FloatStream {
  readonly #arrays: readonly Float32Array[];
  readonly length: number;

  constructor(arrays: readonly Float32Array[]) {
    this.#arrays = arrays;
    this.length = arrays.reduce((sum, { length }) => sum + length, 0);
  }

  /** Fills `into` with the numbers from position `from` on. */
  read(from: number, into: Float32Array): void {
    this.#visit(from, into.length, (part, at) => into.set(part, at));
  }

  /** Puts `numbers` at position `from`. */
  write(from: number, numbers: Float32Array): void {
    this.#visit(from, numbers.length, (part, at) => part.set(numbers.subarray(at, at + part.length)));
  }

  /** The parts of arrays between two positions, each with its place among the numbers asked for. */
  #visit(from: number, count: number, use: (part: Float32Array, at: number) => void): void {
    let start = 0;
    for (const array of this.#arrays) {
      const [first, end] = [Math.max(from, start), Math.min(from + count, start + array.length)];
      if (first < end) use(array.subarray(first - start, end - start), first - from);
      start += array.length;
    }
  }
}
