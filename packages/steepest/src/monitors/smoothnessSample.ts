import { numpy as np } from "@jax-js/jax";
import { mapLeaves, refTree, type Tree } from "../core/tree.ts";
import type { TreeNorm } from "../norms/product.ts";

/** One observation of how fast gradients change, all scalars. A type alias, so that it is a tree. */
export type SmoothnessSample = {
  /** a = ‖g(x)‖_*. */
  readonly gradientNorm: np.Array;
  /** Λ = ‖g(x⁺) − g(x)‖_* / ‖x⁺ − x‖; 0 where x did not move. */
  readonly ratio: np.Array;
  /** 1, or 0 where x did not move and the ratio says nothing. */
  readonly weight: np.Array;
};

/**
 * A sample for `runningSmoothness` and `estimateSmoothness`, from two gradients on the SAME batch (of different ones the
 * ratio measures noise) and the step between them:
 *
 *   a = ‖before‖_*        Λ = ‖after − before‖_* / ‖step‖
 *
 * Consumes the trees. Can be traced. Cost: a gradient more for the step, two dual norms and a primal one; those are an SVD for
 * spectral layers unless the norm takes cheaper ways (`scionNorm`). Every tenth step is enough.
 */
export function smoothnessSample(norm: TreeNorm, before: Tree, after: Tree, step: Tree): SmoothnessSample {
  const change = mapLeaves((b, a) => b.sub(a), after, refTree(before));
  const size = norm.value(step);
  const moved = size.ref.greater(0);
  const ratio = np.where(moved.ref, norm.dual(change).div(np.where(moved.ref, size, 1)), 0);
  return { gradientNorm: norm.dual(before), ratio, weight: np.where(moved, 1, 0) };
}
