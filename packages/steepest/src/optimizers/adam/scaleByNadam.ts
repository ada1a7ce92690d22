import { numpy as np } from "@jax-js/jax";

import type { Transform } from "../../core/transform.ts";
import { disposeTree, mapLeaves, refTree, type Tree } from "../../core/tree.ts";
import { biasCorrection, countAsFloat, nextCount, zeroCount } from "../../transforms/count.ts";
import { divisor } from "../../transforms/divisor.ts";

/** `product` is Π μᵢ over the steps so far, one number beside each parameter. */
export type NadamState = { count: np.Array; product: Tree; mean: Tree; square: Tree };

/**
 * Adam with Nesterov's look-ahead and a momentum that warms up: μₜ = b1·(1 − 0.5·0.96^(t·decay)), emits
 *
 *   (μₜ₊₁·m/(1 − Π₁ᵗ⁺¹ μ) + (1 − μₜ)·g/(1 − Π₁ᵗ μ)) / (√v̂ + eps)
 *
 * State 2mn + 1. Source: Dozat 2016; torch.optim.NAdam of torch 2.
 */
export function scaleByNadam(b1: number, b2: number, eps: number, decay: number): Transform<NadamState> {
  const zeros = (params: Tree): Tree => mapLeaves((p) => np.zerosLike(p), params);
  const momentumAt = (t: np.Array): np.Array =>
    np
      .exp(t.mul(decay * Math.log(0.96)))
      .mul(-0.5 * b1)
      .add(b1);
  return {
    init: (params) => ({
      count: zeroCount(),
      product: mapLeaves(one, refTree(params)),
      mean: zeros(refTree(params)),
      square: zeros(params),
    }),
    update(updates, state, params) {
      disposeTree(params);
      const count = nextCount(state.count);
      const t = countAsFloat(count.ref);
      const [now, next] = [momentumAt(t.ref), momentumAt(t.add(1))];
      const product = mapLeaves((past) => past.mul(now.ref), state.product);
      const root = np.sqrt(biasCorrection(b2, count.ref));
      const mean = mapLeaves((g, m) => m.mul(b1).add(g.mul(1 - b1)), refTree(updates), state.mean);
      const square = mapLeaves(
        (g, v) => v.mul(b2).add(np.square(g).mul(1 - b2)),
        refTree(updates),
        state.square,
      );
      const direction = mapLeaves(
        (g, m, v, all) => {
          const past = next.ref.div(np.subtract(1, all.ref.mul(next.ref)));
          const fresh = np.subtract(1, now.ref).div(np.subtract(1, all));
          return m
            .mul(past)
            .add(g.mul(fresh))
            .div(divisor(np.sqrt(v).div(root.ref), eps));
        },
        updates,
        refTree(mean),
        refTree(square),
        refTree(product),
      );
      for (const scalar of [now, next, root]) scalar.dispose();
      return [direction, { count, product, mean, square }];
    },
    estimate: ({ mean }) => refTree(mean),
  };
}

function one(weight: np.Array): np.Array {
  const { dtype } = weight;
  weight.dispose();
  return np.ones([], { dtype });
}
