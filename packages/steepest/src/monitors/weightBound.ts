import { numpy as np } from "@jax-js/jax";
import type { Tree } from "../core/tree.ts";
import type { TreeNorm } from "../norms/product.ts";
import { expectScalars, type Scalar } from "./scalar.ts";

/** What a method promises of ‖x‖ after its steps. Arrays, for what changes inside a compiled step, are consumed. */
export type WeightPromise<N extends Scalar = number> =
  /** SCG: never above max(‖x₀‖, radius), and max(radius, (1−γ)‖x‖ + γ·radius) one step on. */
  | { readonly constrained: true; readonly start: N; readonly radius: N }
  /** uSCG: ‖x₀‖ + radius · Σγ. */
  | {
      readonly constrained: false;
      readonly start: N;
      readonly radius: N;
      readonly sumOfRates: N;
    };

/** The largest ‖x‖ the method allows, in its own norm; the product norm has its radii inside, so radius is 1 there. */
export function weightBound(promise: WeightPromise): number {
  const { constrained, ...numbers } = promise;
  expectScalars("weightBound", numbers, "≥ 0");
  const { start, radius } = promise;
  return promise.constrained ? Math.max(start, radius) : start + radius * promise.sumOfRates;
}

/**
 * The share of the bound that the weights use, a scalar: above 1 (by more than rounding and what an inexact oracle
 * exceeds its ball) something is wrong. Consumes the tree. Can be traced, `sumOfRates` as an array that the step adds γ to.
 * Cost: one primal norm; for spectral layers an SVD, or 10 Lanczos steps with the norms of `scionNorm`.
 */
export function boundUsed(norm: TreeNorm, params: Tree, promise: WeightPromise<Scalar>): np.Array {
  const { constrained, ...numbers } = promise;
  expectScalars("boundUsed", numbers, "≥ 0");
  const { start, radius } = promise;
  const bound = promise.constrained
    ? np.maximum(scalar(start), radius)
    : scalar(promise.sumOfRates).mul(radius).add(start);
  return norm.value(params).div(bound);
}

const scalar = (x: Scalar): np.Array => (typeof x === "number" ? np.array(x) : x);
