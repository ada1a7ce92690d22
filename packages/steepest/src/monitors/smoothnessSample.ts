import { numpy as np } from "@jax-js/jax";

import type { TreeNorm } from "../norms/product.ts";
import { mapLeaves, refTree, type Tree } from "../tree.ts";

/** One observation of how fast gradients change, both scalars. */
export interface SmoothnessSample {
  /** a = ‖g(x)‖_*. */
  readonly gradientNorm: np.Array;
  /** Λ = ‖g(x⁺) − g(x)‖_* / ‖x⁺ − x‖; 0 where x did not move. */
  readonly ratio: np.Array;
}

/**
 * A sample for `estimateSmoothness`, from two gradients on the SAME batch (of different ones the ratio measures noise) and
 * the step between them. Consumes the trees. Cost: two dual norms and a primal one, an SVD for spectral layers.
 */
export function smoothnessSample(norm: TreeNorm, before: Tree, after: Tree, step: Tree): SmoothnessSample {
  const change = mapLeaves((b, a) => b.sub(a), after, refTree(before));
  const moved = norm.value(step);
  const ratio = norm.dual(change).div(np.where(moved.ref.greater(0), moved.ref, 1));
  return { gradientNorm: norm.dual(before), ratio: np.where(moved.greater(0), ratio, 0) };
}
