import type { numpy as np } from "@jax-js/jax";
import { refTree, type Tree } from "../core/tree.ts";
import type { TreeNorm } from "../norms/product.ts";
import { innerProduct } from "../steps/innerProduct.ts";
import { expectScalars, type Scalar } from "./scalar.ts";

/**
 * The Frank-Wolfe gap of weights in the ball ‖x‖ ≤ radius, a scalar:
 *
 *   gap(x) = max { ⟨∇f(x), x − u⟩ : ‖u‖ ≤ radius } = ⟨∇f(x), x⟩ + radius·‖∇f(x)‖_*
 *
 * ≥ 0 in the ball, 0 exactly at its critical points; for convex f a bound of f(x) − min f over the ball. Radius default 1
 * (radii of layers are in the norm). Consumes both trees. Cost: one dual norm (see `estimatorDual`) and one inner product.
 * Can be traced. Source: Pethick et al. 2025, arXiv:2502.07529; Jaggi 2013.
 */
export function wolfeGap(norm: TreeNorm, gradient: Tree, params: Tree, radius: Scalar = 1): np.Array {
  expectScalars("wolfeGap", { radius }, "> 0");
  const slope = innerProduct(refTree(gradient), params);
  return slope.add(norm.dual(gradient).mul(radius));
}
