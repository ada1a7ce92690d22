import { numpy as np } from "@jax-js/jax";

import type { Transform } from "../core/transform.ts";
import { disposeTree, mapLeaves } from "../core/tree.ts";
import { firstStep, nextCount, zeroCount } from "./count.ts";

/** Zero at the first step, then the updates as they are. */
export function skipFirst(): Transform<{ count: np.Array }> {
  return {
    init(params) {
      disposeTree(params);
      return { count: zeroCount() };
    },
    update(updates, { count }, params) {
      disposeTree(params);
      const first = firstStep(count.ref);
      const kept = mapLeaves((u) => np.where(first.ref, 0, u), updates);
      first.dispose();
      return [kept, { count: nextCount(count) }];
    },
  };
}
