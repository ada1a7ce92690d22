/** A function cannot become loops, or is used in a way that its loops were not made for. */
export class FuseError extends Error {
  override readonly name = "FuseError";
}

/** `threads` as it came. Throws `FuseError` for what is no number of threads. */
export function expectThreads(threads: number): number {
  if (Number.isInteger(threads) && threads >= 1) return threads;
  throw new FuseError(`threads must be a whole number of at least 1, got ${threads}`);
}
