import { numpy as np } from "@jax-js/jax";

/** A step of a method on an L-smooth function in its norm, with the exact gradient. γ is `rate`. */
export type DescentStep =
  | { readonly method: "steepestDescent"; readonly rate: number; readonly smoothness: number }
  | {
      readonly method: "conditionalGradient";
      readonly rate: number;
      readonly radius: number;
      readonly smoothness: number;
    }
  /** Needs γ ≤ 1/(L0 + ρL1). */
  | { readonly method: "clipped"; readonly rate: number; readonly threshold: number };

/**
 * How much f falls at least in one step, by the descent lemma, from the dual norm of the gradient, a scalar:
 *
 *   steepestDescent      γ(1 − γL/2) ‖g‖_*²
 *   conditionalGradient  γρ‖g‖_* − L(γρ)²/2         negative near a critical point: the step is too long there
 *   clipped              (γ/2) min(ρ, ‖g‖_*) ‖g‖_*
 *
 * To be held against f(x) − f(x⁺) on the same batch. Consumes the dual norm. Can be traced.
 * Source: Pethick et al. 2025, arXiv:2506.01913.
 */
export function predictedDescent(dual: np.Array, step: DescentStep): np.Array {
  const { rate } = step;
  if (step.method === "steepestDescent")
    return np.square(dual).mul(rate * (1 - (rate * step.smoothness) / 2));
  if (step.method === "clipped")
    return np
      .minimum(dual.ref, step.threshold)
      .mul(dual)
      .mul(rate / 2);
  const length = rate * step.radius;
  return dual.mul(length).sub((step.smoothness * length * length) / 2);
}
