import { isNumber } from "../../core/expectNumbers.ts";
import { bandOf } from "./bandOf.ts";
import type { CoefficientSet, Coefficients } from "./coefficientSet.ts";

/**
 * The odd cubic closest to 1 on [lower, upper] in the maximum norm, and its error there.
 *
 *   s = a² + ab + b², k = 2(s/3)^(3/2), D = k + a²b + ab²:    p(x) = (2s x − 2x³)/D,   E = (k − a²b − ab²)/D
 *
 * Source: Grishina, Smirnov & Rakhuba 2025, arXiv:2506.10935 (Chebyshev's alternation for odd cubics).
 */
export function bestOddCubic(lower: number, upper: number): { coefficients: Coefficients; error: number } {
  if (!(isNumber(lower, "> 0") && isNumber(upper, "> 0") && lower < upper))
    throw new RangeError(`bestOddCubic needs 0 < lower < upper, got [${lower}, ${upper}]`);
  const s = lower * lower + lower * upper + upper * upper;
  const k = 2 * (s / 3) ** 1.5;
  const edge = lower * upper * (lower + upper);
  const d = k + edge;
  return { coefficients: [(2 * s) / d, -2 / d, 0], error: (k - edge) / d };
}

const SAFETY = 1.01;

export interface CansOptions {
  /** The smallest singular value, relative to the largest, that must arrive at 1. Default 1e-2. */
  readonly lower?: number;
  /** Stop once every σ in [lower, 1] ends within this of 1. Default 1e-6. */
  readonly accuracy?: number;
}

/**
 * A CANS set for `newtonSchulz`: cubic steps, each the best on the interval that the last one left. Cubic steps save
 * the product A²; it takes about twice as many of them as quintic ones.
 *
 * Just above the interval the first cubics fall below zero, so the Frobenius norm is enlarged by 1.01 first.
 * Source: Grishina, Smirnov & Rakhuba 2025, arXiv:2506.10935.
 */
export function cansSet({ lower = 1e-2, accuracy = 1e-6 }: CansOptions = {}): CoefficientSet {
  if (!(lower > 0 && lower < 1)) throw new RangeError(`cansSet: lower must be between 0 and 1, got ${lower}`);
  if (!(accuracy >= 1e-14)) throw new RangeError(`cansSet: accuracy must be at least 1e-14, got ${accuracy}`);
  const schedule: Coefficients[] = [];
  let [low, high] = [lower / SAFETY, 1];
  while (high - low > accuracy && schedule.length < 100) {
    const { coefficients, error } = bestOddCubic(low, high);
    schedule.push(coefficients);
    [low, high] = [1 - error, 1 + error];
  }
  const interval = [lower / SAFETY, 1] as const;
  return {
    name: "cansSet",
    schedule,
    mode: "repeatLast",
    steps: schedule.length,
    safety: SAFETY,
    interval,
    intervalKind: "fitted",
    band: bandOf(schedule, interval),
    flipsSign: false,
    authors: "Grishina, Smirnov, Rakhuba",
    year: 2025,
    source: "generated; arXiv:2506.10935",
  };
}
