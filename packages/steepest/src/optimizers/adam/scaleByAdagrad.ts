import { numpy as np } from "@jax-js/jax";

import { stepsByGradients } from "../../core/estimate.ts";
import type { Transform } from "../../core/transform.ts";
import { disposeTree, mapLeaves, refTree, type Tree } from "../../core/tree.ts";
import { dampedRoot } from "../../transforms/dampedRoot.ts";

export interface AdagradOptions {
  /** Value the sum of squares starts from, ≥ 0. Default 0. */
  initialAccumulator?: number;
  /** Added outside the root. Default 1e-10. */
  eps?: number;
  /** Add it inside the root. Default false. */
  epsInsideRoot?: boolean;
}

export type AdagradState = { square: Tree };

/**
 * g / (√v + eps), v ← v + g². State mn.
 * Source: Duchi, Hazan & Singer 2011, JMLR 12; constants of torch.optim.Adagrad.
 */
export function scaleByAdagrad({
  initialAccumulator = 0,
  eps = 1e-10,
  epsInsideRoot = false,
}: AdagradOptions = {}): Transform<AdagradState> {
  return {
    init: (params) => ({ square: mapLeaves((p) => np.fullLike(p, initialAccumulator), params) }),
    update(updates, state, params) {
      disposeTree(params);
      const square = mapLeaves((g, v) => v.add(np.square(g)), refTree(updates), state.square);
      const scaled = (g: np.Array, v: np.Array): np.Array => g.div(dampedRoot(v, eps, epsInsideRoot));
      return [mapLeaves(scaled, updates, refTree(square)), { square }];
    },
    estimate: stepsByGradients,
  };
}
