import { numpy as np } from "@jax-js/jax";

import type { StatelessTransform } from "../transform.ts";
import { disposeTree, mapLeaves, namedLeaves, refTree, type Tree } from "../tree.ts";

/**
 * The Euclidean norm of all leaves together, a float32 scalar. Consumes the tree.
 */
export function globalNorm(updates: Tree): np.Array {
  const squares = namedLeaves(updates).map(([, leaf]) => np.sum(np.square(leaf)));
  const total = squares.reduce((sum, square) => sum.add(square));
  return np.sqrt(total);
}

/**
 * updates · min(1, maxNorm / ‖updates‖₂), the norm taken over all parameters together.
 * Source: Pascanu, Mikolov & Bengio 2013, arXiv:1211.5063. Zero stays zero.
 */
export function clipByGlobalNorm(maxNorm: number): StatelessTransform {
  if (!(maxNorm > 0)) throw new RangeError(`clipByGlobalNorm: the largest norm must be > 0, got ${maxNorm}`);
  return {
    init(params) {
      disposeTree(params);
      return {};
    },
    update(updates, state, params) {
      disposeTree(params);
      if (namedLeaves(updates).length === 0) return [updates, state];
      const factor = np.minimum(
        np.reciprocal(np.maximum(globalNorm(refTree(updates)), 1e-30)).mul(maxNorm),
        1,
      );
      const clipped = mapLeaves((u) => u.mul(factor.ref), updates);
      factor.dispose();
      return [clipped, state];
    },
  };
}
