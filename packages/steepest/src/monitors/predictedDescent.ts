import { numpy as np } from "@jax-js/jax";

import { drop, expectScalars, keep, type Scalar } from "./scalar.ts";

/**
 * A step of a method on a function that is L-smooth in its norm, with the exact gradient; named as the methods are. γ is
 * `rate`, ρ `radius` or `threshold`, L `smoothness` (L0 + L1‖g‖_* for an (L0, L1)-smooth function). Arrays are consumed.
 */
export type DescentStep =
  | { readonly method: "steepestDescent"; readonly rate: Scalar; readonly smoothness: Scalar }
  | {
      readonly method: "unconstrainedConditionalGradient";
      readonly rate: Scalar;
      /** 1 under a product norm that has the radii inside. */
      readonly radius: Scalar;
      readonly smoothness: Scalar;
    }
  /** Needs γ ≤ 1/(L0 + ρL1). */
  | { readonly method: "clippedConditionalGradient"; readonly rate: Scalar; readonly threshold: Scalar }
  /** Needs ‖x‖ ≤ ρ. */
  | {
      readonly method: "conditionalGradient";
      readonly rate: Scalar;
      readonly radius: Scalar;
      readonly smoothness: Scalar;
    }
  /** Needs ‖x‖ ≤ β, the `radius`, γ ≤ 1/L and γρ ≤ 1. */
  | {
      readonly method: "shortStep";
      readonly rate: Scalar;
      readonly threshold: Scalar;
      readonly radius: Scalar;
    };

/**
 * How much f falls at least in one step, by the descent lemma f(x⁺) ≤ f(x) + ⟨g, x⁺−x⟩ + ½L‖x⁺−x‖², a scalar.
 *
 * From `measure` = ‖g‖_*, the dual norm of the gradient (`estimatorDual`):
 *
 *   steepestDescent                   γ(1 − γL/2) ‖g‖_*²
 *   unconstrainedConditionalGradient  γρ‖g‖_* − L(γρ)²/2         negative near a critical point: the step is too long there
 *   clippedConditionalGradient        (γ/2) min{ρ, ‖g‖_*} ‖g‖_*
 *
 * and from `measure` = ⟨g, x⟩ + β‖g‖_*, the gap (`wolfeGap`), for the methods that stay in a ball. Their step is −γv or −γηv with
 * v = x − β lmo(g), so ⟨g, v⟩ = gap and ‖v‖ ≤ 2β:
 *
 *   conditionalGradient               γ gap − 2L(γβ)²            negative once the gap is below 2γLβ²
 *   shortStep                         (γ/2) min{ρ, gap/4β²} gap   both variants: γη gap − ½L(γη)²‖v‖² with L ≤ 1/γ and η‖v‖² ≤ gap
 *
 * To be held against f(x) − f(x⁺) on the same batch; with an inexact oracle the measure must be that of the direction taken
 * (`dualFromStep`). Consumes the measure. Can be traced. Cost: a few scalars.
 * Source: Pethick et al. 2025, arXiv:2506.01913, Propositions of sections 3 and 4 (clipped, shortStep: halves are ours).
 */
export function predictedDescent(measure: np.Array, step: DescentStep): np.Array {
  const { method, ...numbers } = step;
  const clips = !("threshold" in numbers) || numbers.threshold !== Number.POSITIVE_INFINITY;
  expectScalars("predictedDescent", clips ? numbers : { ...numbers, threshold: 0 }, "≥ 0");
  switch (step.method) {
    case "steepestDescent": {
      const { rate, smoothness } = step;
      const share = product(keep(rate), smoothness);
      const gain = typeof share === "number" ? 1 - share / 2 : share.mul(-0.5).add(1);
      return np.square(measure).mul(rate).mul(gain);
    }
    case "unconstrainedConditionalGradient": {
      const length = product(step.rate, step.radius);
      const linear = measure.mul(keep(length));
      return linear.sub(half(product(square(length), step.smoothness)));
    }
    case "clippedConditionalGradient":
      return np.minimum(measure.ref, step.threshold).mul(measure).mul(step.rate).mul(0.5);
    case "conditionalGradient": {
      const linear = measure.mul(keep(step.rate));
      const length = product(step.rate, step.radius);
      return linear.sub(product(product(square(length), step.smoothness), 2));
    }
    case "shortStep": {
      const diameter = square(product(2, step.radius));
      const eta = np.minimum(measure.ref.div(keep(diameter)), step.threshold);
      drop(diameter);
      return eta.mul(measure).mul(step.rate).mul(0.5);
    }
  }
}

/** a·b. Consumes both. */
function product(a: Scalar, b: Scalar): Scalar {
  if (typeof a === "number") return typeof b === "number" ? a * b : b.mul(a);
  return a.mul(b);
}

const square = (x: Scalar): Scalar => (typeof x === "number" ? x * x : np.square(x));

const half = (x: Scalar): Scalar => product(x, 0.5);
