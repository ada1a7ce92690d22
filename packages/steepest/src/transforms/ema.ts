import { numpy as np } from "@jax-js/jax";
import { expectNumbers } from "../core/expectNumbers.ts";

import type { Transform } from "../core/transform.ts";
import { disposeTree, mapLeaves, refTree, type Tree } from "../core/tree.ts";

export interface EmaOptions {
  /** Emit β·average + (1−β)·update instead of the average. Default false. */
  nesterov?: boolean;
}

export type EmaState = { average: Tree };

/**
 * Exponential moving average: average ← β·average + (1−β)·update, from zero, without bias correction.
 * β in [0, 1) weighs the past.
 */
export function ema(beta: number, { nesterov = false }: EmaOptions = {}): Transform<EmaState> {
  expectNumbers("ema", { beta }, "[0, 1)");
  const mix = (past: np.Array, fresh: np.Array): np.Array => past.mul(beta).add(fresh.mul(1 - beta));
  return {
    init: (params) => ({ average: mapLeaves((p) => np.zerosLike(p), params) }),
    update(updates, { average: past }, params) {
      disposeTree(params);
      if (!nesterov) {
        const average = mapLeaves((u, a) => mix(a, u), updates, past);
        return [refTree(average), { average }];
      }
      const average = mapLeaves((u, a) => mix(a, u), refTree(updates), past);
      return [mapLeaves((u, a) => mix(a, u), updates, refTree(average)), { average }];
    },
    estimate: ({ average }) => refTree(average),
  };
}
