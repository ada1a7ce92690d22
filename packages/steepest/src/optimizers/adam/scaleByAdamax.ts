import { numpy as np } from "@jax-js/jax";

import type { Transform } from "../../core/transform.ts";
import { disposeTree, mapLeaves, refTree, type Tree } from "../../core/tree.ts";
import { biasCorrection, nextCount, zeroCount } from "../../transforms/count.ts";
import { divisor } from "../../transforms/divisor.ts";

export type AdamaxState = { count: np.Array; mean: Tree; largest: Tree };

/**
 * m̂ / u with u ← max(b2·u, |g| + eps): Adam with the p-norm of its second moment taken to p = ∞. State 2mn.
 * Source: Kingma & Ba 2014, arXiv:1412.6980, section 7.1; eps as in torch.optim.Adamax.
 */
export function scaleByAdamax(b1: number, b2: number, eps: number): Transform<AdamaxState> {
  const zeros = (params: Tree): Tree => mapLeaves((p) => np.zerosLike(p), params);
  return {
    init: (params) => ({ count: zeroCount(), mean: zeros(refTree(params)), largest: zeros(params) }),
    update(updates, state, params) {
      disposeTree(params);
      const count = nextCount(state.count);
      const mean = mapLeaves((g, m) => m.mul(b1).add(g.mul(1 - b1)), refTree(updates), state.mean);
      const largest = mapLeaves((g, u) => np.maximum(u.mul(b2), np.abs(g).add(eps)), updates, state.largest);
      const correction = biasCorrection(b1, count.ref);
      const direction = mapLeaves(
        (m, u) => m.div((eps > 0 ? u : divisor(u, 0)).mul(correction.ref)),
        refTree(mean),
        refTree(largest),
      );
      correction.dispose();
      return [direction, { count, mean, largest }];
    },
    estimate: ({ mean }) => refTree(mean),
  };
}
