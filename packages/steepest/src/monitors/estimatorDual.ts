import type { numpy as np } from "@jax-js/jax";
import type { Tree } from "../core/tree.ts";
import type { TreeNorm } from "../norms/product.ts";

/**
 * ‖d‖_*, the dual norm of the gradient estimator, a scalar: what the theorems bound, and what GGNC and the clipped Scions
 * compare with their threshold. d from `gradientEstimate`, or the gradient itself.
 *
 * Under a product norm with radii r it is Σ rₗ‖dₗ‖ₗ,* ("max") or √Σ(rₗ‖dₗ‖ₗ,*)² ("l2"). Consumes d. Can be traced.
 * Cost: one dual norm per layer. For spectral layers that is an SVD, or with `dual: "oracle"` one oracle call and then
 * −⟨d, lmo(d)⟩, within the range of the oracle's polynomial (0.68…1.13 of the truth for the default). Where the step is at
 * hand `dualFromStep` costs one inner product.
 */
export function estimatorDual(norm: TreeNorm, estimate: Tree): np.Array {
  return norm.dual(estimate);
}
