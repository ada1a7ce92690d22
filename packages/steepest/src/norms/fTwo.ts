import { numpy as np } from "@jax-js/jax";

import { singularValues } from "../matrix/svd.ts";
import { alphaParameter } from "./alphaParameter.ts";
import { combine } from "./combine.ts";
import { normEntry } from "./entry.ts";
import { frobenius } from "./frobenius.ts";
import { gauge, lengthOf } from "./gauge.ts";
import type { Norm } from "./norm.ts";
import { type NuclearOptions, nuclear } from "./nuclear.ts";
import { expectMatrix } from "./shape.ts";

export interface FTwoOptions extends NuclearOptions {
  /** α in [0, 1]: 1 is `nuclear`, 0 `frobenius`. Default 0.5. */
  readonly alpha?: number;
}

/**
 * The norm of F-Neon: its dual is F2(G) = α‖G‖_op + (1−α)‖G‖_F. Matrices.
 *
 *   lmo(G) = −(α u₁v₁ᵀ + (1−α) G/‖G‖_F)       value(A) = the smallest t with dist₂(σ, {s ≥ 0: Σs ≤ αt}) ≤ (1−α)t
 *
 * σ the singular values; the projection takes a level θ off them, down to 0. init: −lmo of a Gaussian. Cost: that of
 * `nuclear`; value an SVD and a bisection. Source: The Nuclear Norm and Beyond (draft); value derived.
 */
export function fTwo({ alpha = 0.5, scale = 1, ...options }: FTwoOptions = {}): Norm {
  return combine(alpha, nuclear(options), frobenius(), {
    name: "f_two",
    scale,
    value(a) {
      expectMatrix("f_two.value", a);
      return gauge(
        alpha,
        singularValues(a),
        (sigma, level) => ({
          first: np.sum(np.maximum(sigma.ref.sub(level.ref), 0)),
          rest: lengthOf(np.minimum(sigma, level)),
        }),
        "grows",
      );
    },
  });
}

export const fTwoEntry = normEntry({
  name: "f_two",
  options: ["topPair", "steps"],
  parameters: { alpha: alphaParameter },
  vectors: "euclidean",
  row: {
    value: "smallest t with dist₂(σ, {s ≥ 0, Σs ≤ αt}) ≤ (1−α)t",
    dual: "α σ₁ + (1−α)‖G‖_F",
    lmo: "−(α u₁v₁ᵀ + (1−α) G/‖G‖_F)",
    sharp: "dual·(α u₁v₁ᵀ + (1−α) G/‖G‖_F)",
    init: "−lmo of a Gaussian",
    cost: "as `nuclear`",
  },
  create: fTwo,
});
