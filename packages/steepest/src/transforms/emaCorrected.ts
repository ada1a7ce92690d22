import { numpy as np } from "@jax-js/jax";
import { expectNumbers } from "../core/expectNumbers.ts";

import type { Transform } from "../core/transform.ts";
import { disposeTree, mapLeaves, refTree, type Tree } from "../core/tree.ts";
import { biasCorrection, nextCount, zeroCount } from "./count.ts";

export type CorrectedEmaState = { count: np.Array; average: Tree };

/**
 * Nesterov's look-ahead over a bias-corrected average: average ← β·average + (1−β)·update from zero; emits
 * β·average / (1 − β^(t+1)) + (1−β)·update / (1 − β^t) at the t-th step. The mix differs from `ema`'s, not
 * only its scale. Source: Dozat 2016; NVIDIA Emerging-Optimizers and optax write it so.
 */
export function emaCorrected(beta: number): Transform<CorrectedEmaState> {
  expectNumbers("emaCorrected", { beta }, "[0, 1)");
  return {
    init: (params) => ({ count: zeroCount(), average: mapLeaves((p) => np.zerosLike(p), params) }),
    update(updates, state, params) {
      disposeTree(params);
      const count = nextCount(state.count);
      const average = mapLeaves((u, a) => a.mul(beta).add(u.mul(1 - beta)), refTree(updates), state.average);
      const past = np.reciprocal(biasCorrection(beta, count.ref.add(1))).mul(beta);
      const fresh = np.reciprocal(biasCorrection(beta, count.ref)).mul(1 - beta);
      const mixed = mapLeaves((u, a) => a.mul(past.ref).add(u.mul(fresh.ref)), updates, refTree(average));
      past.dispose();
      fresh.dispose();
      return [mixed, { count, average }];
    },
    estimate: ({ average }) => refTree(average),
  };
}
