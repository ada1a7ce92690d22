import { numpy as np } from "@jax-js/jax";
import { isNumber } from "../expectNumbers.ts";

import type { Schedule } from "./schedule.ts";
import { expectFactor, expectSteps } from "./scheduleChecks.ts";

export interface PolynomialOptions {
  /** Steps from the first value to the last, > 0. */
  steps: number;
  /** > 0; 1 is `linear`. Default 1. */
  power?: number;
  /** Value at step 0, ≥ 0. Default 1. */
  from?: number;
  /** Value from `steps` on, ≥ 0. Default 0. */
  to?: number;
}

/** to + (from − to) · (1 − min(1, t / steps))^power. */
export function polynomial({ steps, power = 1, from = 1, to = 0 }: PolynomialOptions): Schedule {
  expectSteps("polynomial", "steps", steps, 1);
  if (!isNumber(power, "> 0")) throw new RangeError(`polynomial: power must be > 0, got ${power}`);
  expectFactor("polynomial", "from", from);
  expectFactor("polynomial", "to", to);
  return (count) =>
    np
      .power(np.clip(count.neg().add(steps).div(steps), 0, 1), power)
      .mul(from - to)
      .add(to);
}
