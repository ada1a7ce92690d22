import { numpy as np } from "@jax-js/jax";

import type { Schedule } from "./schedule.ts";
import { expectFactor, expectSteps } from "./scheduleChecks.ts";

export interface ExponentialOptions {
  /** Steps in which the value is multiplied by `factor` once, > 0. */
  steps: number;
  /** > 0; below 1 the value falls. */
  factor: number;
  /** In jumps at every `steps` steps, instead of smoothly. Default false. */
  staircase?: boolean;
  /** The least value, in multiples of the peak, ≥ 0. Default 0. */
  least?: number;
}

/** max(least, factor^(t / steps)), with `staircase` of ⌊t / steps⌋. */
export function exponential({ steps, factor, staircase = false, least = 0 }: ExponentialOptions): Schedule {
  expectSteps("exponential", "steps", steps, 1);
  expectFactor("exponential", "factor", factor);
  if (factor === 0) throw new RangeError("exponential: factor must be > 0, got 0");
  expectFactor("exponential", "least", least);
  return (count) => {
    // Half a step, so that a quotient rounded down does not miss its jump.
    const times = staircase ? np.floor(count.add(0.5).div(steps)) : count.div(steps);
    return np.maximum(np.exp(times.mul(Math.log(factor))), least);
  };
}
