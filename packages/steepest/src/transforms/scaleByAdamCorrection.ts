import { numpy as np } from "@jax-js/jax";

import type { Transform } from "../core/transform.ts";
import { disposeTree, mapLeaves } from "../core/tree.ts";
import { biasCorrection, nextCount, zeroCount } from "./count.ts";

/** √(1 − b2^t) / (1 − b1^t) for the t-th step: Adam's bias correction as a factor on the step. Borrows t. */
export function adamCorrection(b1: number, b2: number, t: np.Array): np.Array {
  return np.sqrt(biasCorrection(b2, t.ref)).div(biasCorrection(b1, t.ref));
}

/** updates · √(1 − b2^t) / (1 − b1^t): for codes that correct the step size and not the averages. */
export function scaleByAdamCorrection(b1: number, b2: number): Transform<{ count: np.Array }> {
  return {
    init(params) {
      disposeTree(params);
      return { count: zeroCount() };
    },
    update(updates, state, params) {
      disposeTree(params);
      const count = nextCount(state.count);
      const factor = adamCorrection(b1, b2, count);
      const scaled = mapLeaves((u) => u.mul(factor.ref), updates);
      factor.dispose();
      return [scaled, { count }];
    },
  };
}
