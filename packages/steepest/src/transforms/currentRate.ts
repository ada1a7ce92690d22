import { numpy as np } from "@jax-js/jax";

import type { Rate, Schedule } from "../core/schedules/schedule.ts";
import { countAsFloat } from "./count.ts";

/**
 * η·schedule at the t-th step, times `learningRateScale` of the context: a float32 scalar, for steps that are not linear in
 * the rate. Borrows t ≥ 1 and the scale.
 */
export function currentRate(
  learningRate: Rate,
  schedule: Schedule | undefined,
  t: np.Array,
  scale: np.Array | undefined,
): np.Array {
  const count = countAsFloat(t.ref.sub(1));
  const own =
    typeof learningRate === "number"
      ? np.full([], learningRate, { dtype: np.float32 })
      : learningRate(count.ref);
  const base = scale === undefined ? own : own.mul(scale.ref);
  if (schedule !== undefined) return base.mul(schedule(count));
  count.dispose();
  return base;
}
