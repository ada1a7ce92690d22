import { numpy as np } from "@jax-js/jax";

import type { Transform } from "../../core/transform.ts";
import { disposeTree, mapLeaves, refTree } from "../../core/tree.ts";
import type { EmaState } from "../../transforms/ema.ts";

/** M ← μM + (1−μ)G from zero; emits (1−ν)G + νM. State mn. */
export function mixWithAverage(momentum: number, mix: number): Transform<EmaState> {
  return {
    init: (params) => ({ average: mapLeaves((p) => np.zerosLike(p), params) }),
    update(updates, { average: past }, params) {
      disposeTree(params);
      const average = mapLeaves((g, m) => m.mul(momentum).add(g.mul(1 - momentum)), refTree(updates), past);
      return [mapLeaves((g, m) => g.mul(1 - mix).add(m.mul(mix)), updates, refTree(average)), { average }];
    },
    estimate: ({ average }) => refTree(average),
  };
}
