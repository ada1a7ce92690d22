import { numpy as np } from "@jax-js/jax";
import { expectNumbers } from "../core/expectNumbers.ts";

import type { Transform } from "../core/transform.ts";
import { disposeTree, mapLeaves, refTree, type Tree } from "../core/tree.ts";
import { firstStep, nextCount, zeroCount } from "./count.ts";

export type EmaFromFirstState = { count: np.Array; average: Tree };

/**
 * Exponential moving average that starts at the first update instead of at zero:
 *
 *   average = u₁, then average ← β·average + (1−β)·update
 *
 * State mn and a step count. Source: LIONS-EPFL/scion examples/airbench; torch.optim.SGD starts its sum so.
 */
export function emaFromFirst(beta: number): Transform<EmaFromFirstState> {
  expectNumbers("emaFromFirst", { beta }, "[0, 1)");
  return {
    init: (params) => ({ count: zeroCount(), average: mapLeaves((p) => np.zerosLike(p), params) }),
    update(updates, { count, average: past }, params) {
      disposeTree(params);
      const fresh = np.where(firstStep(count.ref), 1, 1 - beta);
      const average = mapLeaves((u, a) => a.mul(beta).add(u.mul(fresh.ref)), updates, past);
      fresh.dispose();
      return [refTree(average), { count: nextCount(count), average }];
    },
    estimate: ({ average }) => refTree(average),
  };
}
