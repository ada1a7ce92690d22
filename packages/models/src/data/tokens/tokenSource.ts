/** Token ids in order, in memory or on disk. */
export interface TokenSource {
  readonly length: number;
  /**
   * Tokens `start` … `end` − 1, 0 ≤ start ≤ end ≤ length; not to be written to. From disk, this reads
   * only these.
   */
  read(start: number, end: number): Uint16Array | Int32Array;
  /** The same without blocking; absent where `read` costs nothing. */
  readLater?(start: number, end: number): Promise<Uint16Array | Int32Array>;
}

/** Tokens in memory. `read` returns views. */
export function tokensInMemory(tokens: Uint16Array | Int32Array): TokenSource {
  return {
    length: tokens.length,
    read(start, end) {
      expectRange(start, end, tokens.length);
      return tokens.subarray(start, end);
    },
  };
}

/** Tokens `start` … `end` − 1 of a source, as a source. */
export function tokenRange(source: TokenSource, start: number, end: number): TokenSource {
  expectRange(start, end, source.length);
  const length = end - start;
  const { readLater } = source;
  return {
    length,
    read(from, to) {
      expectRange(from, to, length);
      return source.read(start + from, start + to);
    },
    ...(readLater && {
      readLater(from, to) {
        expectRange(from, to, length);
        return readLater(start + from, start + to);
      },
    }),
  };
}

/** Throws `RangeError` where no tokens can be. */
export function expectRange(start: number, end: number, length: number): void {
  if (Number.isSafeInteger(start) && Number.isSafeInteger(end) && 0 <= start && start <= end && end <= length)
    return;
  throw new RangeError(`tokens ${start} … ${end} are not within 0 … ${length}`);
}
