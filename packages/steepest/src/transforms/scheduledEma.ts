import { numpy as np } from "@jax-js/jax";

import type { Schedule } from "../core/schedules/schedule.ts";
import type { Transform } from "../core/transform.ts";
import { disposeTree, mapLeaves, refTree } from "../core/tree.ts";
import { countAsFloat, firstStep, nextCount, zeroCount } from "./count.ts";
import type { EmaFromFirstState } from "./emaFromFirst.ts";

/**
 * Moving average whose weight of the past is a schedule, and which starts at the first update:
 *
 *   average = u₁, then average ← β_k·average + (1 − β_k)·update
 *
 * β_k must be in [0, 1]; it is traced and not checked. State mn and a step count.
 */
export function scheduledEma(beta: Schedule): Transform<EmaFromFirstState> {
  return {
    init: (params) => ({ count: zeroCount(), average: mapLeaves((p) => np.zerosLike(p), params) }),
    update(updates, { count, average: past }, params) {
      disposeTree(params);
      const kept = np.where(firstStep(count.ref), 0, beta(countAsFloat(count.ref)));
      const fresh = kept.ref.neg().add(1);
      const average = mapLeaves((u, a) => a.mul(kept.ref).add(u.mul(fresh.ref)), updates, past);
      kept.dispose();
      fresh.dispose();
      return [refTree(average), { count: nextCount(count), average }];
    },
    estimate: ({ average }) => refTree(average),
  };
}
