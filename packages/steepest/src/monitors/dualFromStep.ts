import type { numpy as np } from "@jax-js/jax";
import type { Tree } from "../core/tree.ts";
import { innerProduct } from "../steps/innerProduct.ts";
import { expectScalars, type Scalar } from "./scalar.ts";

/**
 * What a step s = x⁺ − x says of the estimator it was made from, −⟨d, s⟩/γ, a scalar:
 *
 *   uSCG, s = γρ lmo(d)            ρ‖d‖_*
 *   SCG,  s = γ(ρ lmo(d) − x)      ⟨d, x⟩ + ρ‖d‖_*, the Wolfe gap with d in place of the gradient
 *
 * with the oracle that made the step, so an inexact one gives what its direction really pairs to. Radii of layers are
 * in the step: `unconstrained_scion` gives the dual of the product norm, `scion` the gap of its balls. `rate` is γ > 0,
 * schedule included. Consumes the trees and the rate. Can be traced. Cost: one inner product, and no oracle.
 */
export function dualFromStep(estimate: Tree, step: Tree, rate: Scalar): np.Array {
  expectScalars("dualFromStep", { rate }, "> 0");
  return innerProduct(estimate, step).neg().div(rate);
}
