import { numpy as np } from "@jax-js/jax";

import { expectNumbers } from "../expectNumbers.ts";

/**
 * A factor as a function of the number of steps already taken (0 at the first step; a float32 scalar, which
 * the schedule consumes). It is traced together with the step, so that nothing recompiles and nothing waits.
 */
export type Schedule = (count: np.Array) => np.Array;

/** A rate: the same at every step, or scheduled. */
export type Rate = number | Schedule;

/**
 * The value of a rate at a step, a number ≥ 0, as a number. For logs and plots, not for a compiled step. Throws a RangeError for what
 * is no step.
 */
export function rateAt(rate: Rate, step: number): number {
  expectNumbers("rateAt", { step }, "≥ 0");
  return typeof rate === "number" ? rate : rate(np.array(step, { dtype: np.float32 })).item();
}
