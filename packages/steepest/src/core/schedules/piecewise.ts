import { numpy as np } from "@jax-js/jax";

import type { Schedule } from "./schedule.ts";
import { expectFactor, readSteps } from "./scheduleChecks.ts";

export interface PiecewiseOptions {
  /** From one value to the next in a straight line, instead of a jump. Default false. */
  linear?: boolean;
}

/**
 * Values by the step they hold from: `piecewise({ 0: 1, 3000: 0.1, 4000: 0.01 })`. Before the first step named the value
 * is the first one, after the last step the last one. Values ≥ 0; steps whole.
 */
export function piecewise(
  values: Readonly<Record<number, number>>,
  { linear = false }: PiecewiseOptions = {},
): Schedule {
  const knots = readSteps("piecewise", values);
  for (const [step, value] of knots) expectFactor("piecewise", `the value at step ${step}`, value);
  const [[, first] = [0, 1], ...rest] = knots;
  return (count) => {
    let value = count.ref.mul(0).add(first);
    for (const [i, [step, next]] of rest.entries()) {
      const [before, past] = knots[i] ?? [0, first];
      if (linear) {
        const share = np.clip(count.ref.sub(before).div(step - before), 0, 1);
        const between = share.ref.mul(next).add(np.subtract(1, share).mul(past)); // exact at both ends
        value = np.where(count.ref.less(before), value, between);
      } else value = np.where(count.ref.less(step), value, next);
    }
    count.dispose();
    return value;
  };
}
