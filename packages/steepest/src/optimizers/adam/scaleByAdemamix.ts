import { numpy as np } from "@jax-js/jax";

import type { Transform } from "../../core/transform.ts";
import { disposeTree, mapLeaves, refTree, type Tree } from "../../core/tree.ts";
import { biasCorrection, nextCount, zeroCount } from "../../transforms/count.ts";
import { divisor } from "../../transforms/divisor.ts";

export interface AdemamixOptions {
  readonly b1: number;
  readonly b2: number;
  /** Weight of the past in the slow average, which is not bias-corrected. */
  readonly b3: number;
  /** α: weight of the slow average. */
  readonly alpha: number;
  readonly eps: number;
}

export type AdemamixState = { count: np.Array; mean: Tree; slow: Tree; square: Tree };

/**
 * (m̂ + α·slow) / (√v̂ + eps), slow a second, much longer average of the gradient. No warm-up of α or b3.
 * State 3mn. Source: Pagliardini, Ablin & Grangier 2024, arXiv:2409.03137.
 */
export function scaleByAdemamix({ b1, b2, b3, alpha, eps }: AdemamixOptions): Transform<AdemamixState> {
  const zeros = (params: Tree): Tree => mapLeaves((p) => np.zerosLike(p), params);
  const averaged = (beta: number, fresh: Tree, past: Tree): Tree =>
    mapLeaves((x, a) => a.mul(beta).add(x.mul(1 - beta)), fresh, past);
  return {
    init: (params) => ({
      count: zeroCount(),
      mean: zeros(refTree(params)),
      slow: zeros(refTree(params)),
      square: zeros(params),
    }),
    update(updates, state, params) {
      disposeTree(params);
      const count = nextCount(state.count);
      const mean = averaged(b1, refTree(updates), state.mean);
      const slow = averaged(b3, refTree(updates), state.slow);
      const square = averaged(
        b2,
        mapLeaves((g) => np.square(g), updates),
        state.square,
      );
      const correction = biasCorrection(b1, count.ref);
      const root = np.sqrt(biasCorrection(b2, count.ref));
      const direction = mapLeaves(
        (m, s, v) =>
          m
            .div(correction.ref)
            .add(s.mul(alpha))
            .div(divisor(np.sqrt(v).div(root.ref), eps)),
        refTree(mean),
        refTree(slow),
        refTree(square),
      );
      correction.dispose();
      root.dispose();
      return [direction, { count, mean, slow, square }];
    },
    estimate: ({ mean }) => refTree(mean),
  };
}
