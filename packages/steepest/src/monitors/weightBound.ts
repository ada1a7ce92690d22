import type { numpy as np } from "@jax-js/jax";

import type { TreeNorm } from "../norms/product.ts";
import type { Tree } from "../tree.ts";

/** What a method promises of ‖x‖ after its steps. */
export type WeightPromise =
  /** SCG: never above max(‖x₀‖, radius), and max(radius, (1−γ)‖x‖ + γ·radius) one step on. */
  | { readonly constrained: true; readonly start: number; readonly radius: number }
  /** uSCG: ‖x₀‖ + radius · Σγ. */
  | {
      readonly constrained: false;
      readonly start: number;
      readonly radius: number;
      readonly sumOfRates: number;
    };

/** The largest ‖x‖ the method allows, in its own norm; the product norm has its radii inside, so radius is 1 there. */
export function weightBound(promise: WeightPromise): number {
  const { start, radius } = promise;
  return promise.constrained ? Math.max(start, radius) : start + radius * promise.sumOfRates;
}

/**
 * The share of the bound that the weights use, a scalar: above 1 (by more than rounding and what an inexact oracle
 * exceeds its ball) something is wrong. Consumes the tree. Cost: one primal norm, an SVD for spectral layers.
 */
export function boundUsed(norm: TreeNorm, params: Tree, promise: WeightPromise): np.Array {
  return norm.value(params).div(weightBound(promise));
}
