/** What became of one file. */
export interface ReplayOutcome {
  readonly file: string;
  /** Null where the file could not be read. */
  readonly optimizer: string | null;
  readonly maxAbsError: number | null;
  readonly tolerance: number | null;
  readonly ok: boolean;
  /** Why the file was not replayed; then it is not ok, and not a failure either. */
  readonly skipped?: string;
  /** What went wrong instead of a comparison: then the file failed. */
  readonly error?: string;
  /** Where the error first left the tolerance: a step and parameter, or a case. */
  readonly firstOutside?: string;
}

/** The largest |a − b|; infinite where one of them is not a number. */
export function largestDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  let largest = actual.length === expected.length ? 0 : Number.POSITIVE_INFINITY;
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs((actual[i] ?? Number.NaN) - (expected[i] ?? Number.NaN));
    if (!(difference <= largest)) largest = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
  }
  return largest;
}
