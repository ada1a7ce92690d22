import { numpy as np } from "@jax-js/jax";

import { stepsByGradients } from "../../core/estimate.ts";
import type { Transform } from "../../core/transform.ts";
import { disposeTree, mapLeaves, refTree, type Tree } from "../../core/tree.ts";
import { dampedRoot } from "../../transforms/dampedRoot.ts";

export interface RmsOptions {
  /** Weight of the past in the averages, in [0, 1). Default 0.99. */
  alpha?: number;
  /** Added outside the root. Default 1e-8. */
  eps?: number;
  /** Add it inside the root. Default false. */
  epsInsideRoot?: boolean;
  /** Subtract the squared average of the gradient: divide by its standard deviation. Default false. */
  centered?: boolean;
}

export type RmsState = { square: Tree; mean?: Tree };

/**
 * g / (√v + eps), v the average of g² from zero, without bias correction. State mn (2mn centered).
 * Source: Hinton 2012, lecture 6e; eps outside the root as in torch.optim.RMSprop (optax puts it inside).
 */
export function scaleByRms({
  alpha = 0.99,
  eps = 1e-8,
  epsInsideRoot = false,
  centered = false,
}: RmsOptions = {}): Transform<RmsState> {
  const mix = (past: np.Array, fresh: np.Array): np.Array => past.mul(alpha).add(fresh.mul(1 - alpha));
  const zeros = (params: Tree): Tree => mapLeaves((p) => np.zerosLike(p), params);
  return {
    init(params) {
      if (centered) return { square: zeros(refTree(params)), mean: zeros(params) };
      return { square: zeros(params) };
    },
    update(updates, state, params) {
      disposeTree(params);
      const square = mapLeaves((g, v) => mix(v, np.square(g)), refTree(updates), state.square);
      const scaled = (g: np.Array, v: np.Array): np.Array => g.div(dampedRoot(v, eps, epsInsideRoot));
      if (state.mean === undefined) return [mapLeaves(scaled, updates, refTree(square)), { square }];
      const mean = mapLeaves((g, m) => mix(m, g), refTree(updates), state.mean);
      // Rounding can push v − m² below zero where the gradient hardly varies.
      const variance = mapLeaves(
        (v, m) => np.maximum(v.sub(np.square(m)), 0),
        refTree(square),
        refTree(mean),
      );
      return [mapLeaves(scaled, updates, variance), { square, mean }];
    },
    estimate: stepsByGradients,
  };
}
