import { numpy as np } from "@jax-js/jax";

import type { Transform } from "../../core/transform.ts";
import { disposeTree, mapLeaves, refTree, type Tree } from "../../core/tree.ts";
import { biasCorrection, countAsFloat, nextCount, zeroCount } from "../../transforms/count.ts";
import { divisor } from "../../transforms/divisor.ts";
import type { AdamState } from "../../transforms/scaleByAdam.ts";

/**
 * Adam whose second moment counts only once enough gradients are in it:
 *
 *   ρ∞ = 2/(1−b2) − 1,   ρ = ρ∞ − 2t·b2^t/(1−b2^t)
 *   ρ > 5:  m̂ · √((ρ−4)(ρ−2)ρ∞ / ((ρ∞−4)(ρ∞−2)ρ)) · √(1−b2^t)/(√v + eps);     else m̂
 *
 * State 2mn. Source: Liu et al. 2019, arXiv:1908.03265; eps as in torch.optim.RAdam.
 */
export function scaleByRadam(b1: number, b2: number, eps: number): Transform<AdamState> {
  const zeros = (params: Tree): Tree => mapLeaves((p) => np.zerosLike(p), params);
  const limit = 2 / (1 - b2) - 1;
  return {
    init: (params) => ({ count: zeroCount(), mean: zeros(refTree(params)), square: zeros(params) }),
    update(updates, state, params) {
      disposeTree(params);
      const count = nextCount(state.count);
      const mean = mapLeaves((g, m) => m.mul(b1).add(g.mul(1 - b1)), refTree(updates), state.mean);
      const square = mapLeaves((g, v) => v.mul(b2).add(np.square(g).mul(1 - b2)), updates, state.square);
      const correction1 = biasCorrection(b1, count.ref);
      const correction2 = biasCorrection(b2, count.ref);
      const t = countAsFloat(count.ref);
      const rho = np.subtract(limit, t.mul(2).mul(np.reciprocal(correction2.ref).sub(1)));
      const trusted = rho.ref.greater(5);
      const kept = np.maximum(rho, 5);
      const rectified = np
        .sqrt(
          kept.ref
            .sub(4)
            .mul(kept.ref.sub(2))
            .div(kept)
            .mul(limit / ((limit - 4) * (limit - 2))),
        )
        .mul(np.sqrt(correction2));
      const direction = mapLeaves(
        (m, v) =>
          m.div(correction1.ref).mul(np.where(trusted.ref, rectified.ref.div(divisor(np.sqrt(v), eps)), 1)),
        refTree(mean),
        refTree(square),
      );
      for (const scalar of [correction1, trusted, rectified]) scalar.dispose();
      return [direction, { count, mean, square }];
    },
    estimate: ({ mean }) => refTree(mean),
  };
}
