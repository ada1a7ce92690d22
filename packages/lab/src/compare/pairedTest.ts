import { studentT } from "./studentT.ts";

/** How much higher one list of numbers is than another, pair by pair. */
export interface PairedTest {
  readonly pairs: number;
  /** Mean of a − b. */
  readonly mean: number;
  /** The interval that holds the true mean in 95 of 100 such experiments, by Student's t. */
  readonly low: number;
  readonly high: number;
  /** Two-sided: how often chance alone makes a difference as large, if there is none. */
  readonly p: number;
}

/** An interval of 95 %. */
const CONFIDENCE = 0.95;

/**
 * Student's t-test of paired differences ("Student" 1908): runs with one seed share their start and their batches, so the
 * difference of a pair varies far less than either run. Undefined for fewer than two pairs. Where all differences are
 * equal, the interval is that number and p is 0, or 1 if the number is 0.
 */
export function pairedTest(a: readonly number[], b: readonly number[]): PairedTest | undefined {
  const pairs = Math.min(a.length, b.length);
  if (pairs < 2) return undefined;
  const differences = Array.from({ length: pairs }, (_, i) => (a[i] ?? 0) - (b[i] ?? 0));
  const mean = differences.reduce((sum, d) => sum + d, 0) / pairs;
  const variance = differences.reduce((sum, d) => sum + (d - mean) ** 2, 0) / (pairs - 1);
  const error = Math.sqrt(variance / pairs);
  if (error === 0) return { pairs, mean, low: mean, high: mean, p: mean === 0 ? 1 : 0 };
  const half = studentT.inv(1 - (1 - CONFIDENCE) / 2, pairs - 1) * error;
  const p = Math.min(1, 2 * studentT.cdf(-Math.abs(mean) / error, pairs - 1));
  return { pairs, mean, low: mean - half, high: mean + half, p };
}

/**
 * Holm's correction for asking several questions at once (Holm 1979): with it, the chance that any true null hypothesis is
 * rejected stays below the level. In the order of `ps`, none smaller than before.
 */
export function holm(ps: readonly number[]): number[] {
  const order = ps.map((p, i) => ({ p, i })).sort((a, b) => a.p - b.p);
  const corrected: number[] = [];
  let least = 0;
  for (const [rank, { p, i }] of order.entries()) {
    least = Math.max(least, Math.min(1, (ps.length - rank) * p));
    corrected[i] = least;
  }
  return corrected;
}
