import { bandOf } from "./bandOf.ts";
import type { CoefficientSet, Coefficients } from "./coefficientSet.ts";
import { type PolarExpressOptions, polarExpressSchedule, withSafety } from "./polarExpressSchedule.ts";

/** What every schedule ends in: the best quintic on a vanishing interval around 1, of third order. */
const LIMIT: Coefficients = [15 / 8, -5 / 4, 3 / 8];

export interface PolarExpressSetOptions extends PolarExpressOptions {
  /** How far rounding may push a singular value past its interval, as a factor. Default 1.01, the authors'. */
  readonly safety?: number;
}

/**
 * A Polar Express set for `newtonSchulz`, for any interval [lower, 1] of singular values relative to ‖x‖_F.
 *
 * Its steps are those of `polarExpressSchedule`, evaluated at σ/safety, and two steps of their limit, which take back
 * what the safety factor costs. Every σ in [lower, 1] arrives at 1 to the accuracy asked for, or a little above it
 * for σ near lower.
 *
 * Source: Amsel, Persson, Musco, Gower 2025, arXiv:2505.16932.
 */
export function polarExpressSet({ safety = 1.01, ...options }: PolarExpressSetOptions = {}): CoefficientSet {
  if (!(safety >= 1 && safety < 1.5))
    throw new RangeError(`polarExpressSet: safety must be in [1, 1.5), got ${safety}`);
  const fitted = polarExpressSchedule(options);
  const schedule = [...withSafety([...fitted, LIMIT], safety), LIMIT];
  const interval = [options.lower ?? 1e-3, 1] as const;
  return {
    name: "polarExpressSet",
    schedule,
    mode: "repeatLast",
    steps: schedule.length,
    safety,
    interval,
    intervalKind: "fitted",
    band: bandOf(schedule, interval),
    flipsSign: false,
    authors: "Amsel, Persson, Musco, Gower",
    year: 2025,
    source: "generated; arXiv:2505.16932",
  };
}
