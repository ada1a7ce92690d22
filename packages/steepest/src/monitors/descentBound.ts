import { numpy as np } from "@jax-js/jax";
import { refTree, type Tree } from "../core/tree.ts";
import type { TreeNorm } from "../norms/product.ts";
import { innerProduct } from "../steps/innerProduct.ts";
import { expectScalars, type Scalar } from "./scalar.ts";

/** Scalars. */
export type DescentBound = {
  /** −⟨g, s⟩: how much f falls to first order. */
  readonly linear: np.Array;
  /** −⟨g, s⟩ − ½L‖s‖²: how much it falls at least. */
  readonly bound: np.Array;
};

/**
 * The descent lemma for any step s of any method, f(x) − f(x + s) ≥ −⟨g, s⟩ − ½L‖s‖², with f L-smooth in the norm. L is
 * `smoothness` ≥ 0: L0 + L1‖g‖_* where that is what is known. To be held against f(x) − f(x⁺) on the same batch;
 * `predictedDescent` says what the lemma comes to for the step of a known method. Consumes the trees and an array L. Can be
 * traced. Cost: an inner product and a primal norm. Source: Pethick et al. 2025, arXiv:2506.01913, section 3.
 */
export function descentBound(norm: TreeNorm, gradient: Tree, step: Tree, smoothness: Scalar): DescentBound {
  expectScalars("descentBound", { smoothness }, "≥ 0");
  const linear = innerProduct(gradient, refTree(step)).neg();
  const curvature = np.square(norm.value(step)).mul(smoothness).mul(0.5);
  return { linear: linear.ref, bound: linear.sub(curvature) };
}
