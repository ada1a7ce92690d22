import { numpy as np } from "@jax-js/jax";

import { singularValues } from "../matrix/svd.ts";
import { alphaParameter } from "./alphaParameter.ts";
import { combine } from "./combine.ts";
import { normEntry } from "./entry.ts";
import { frobenius } from "./frobenius.ts";
import { gauge, lengthOf } from "./gauge.ts";
import type { Norm } from "./norm.ts";
import { expectMatrix } from "./shape.ts";
import { type PolarNormOptions, spectral } from "./spectral.ts";

export interface FStarOptions extends PolarNormOptions {
  /** α in [0, 1]: 1 is `operator`, 0 `frobenius`. Default 0.5. */
  readonly alpha?: number;
  /** Radius of the unit ball. Default 1. */
  readonly scale?: number;
}

/**
 * The norm of F-Muon: its dual is F*(G) = α‖G‖_nuc + (1−α)‖G‖_F. Matrices.
 *
 *   lmo(G) = −(α UVᵀ + (1−α) G/‖G‖_F)       value(A) = the smallest t with ‖(σ − αt)₊‖₂ ≤ (1−α)t, σ the singular values
 *
 * since A in t·ball is A = X + Y with σ₁(X) ≤ αt and ‖Y‖_F ≤ (1−α)t, and clipping σ is the best X. init: −lmo of a Gaussian.
 * Cost: that of `operator`; value an SVD and a bisection.
 * Source: The Nuclear Norm and Beyond (draft); value derived.
 */
export function fStar({ alpha = 0.5, scale = 1, ...options }: FStarOptions = {}): Norm {
  return combine(alpha, spectral({ ...options, radius: "operator" }), frobenius(), {
    name: "f_star",
    scale,
    value(a) {
      expectMatrix("f_star.value", a);
      return gauge(
        alpha,
        singularValues(a),
        (sigma, level) => ({
          first: level.ref,
          rest: lengthOf(np.maximum(sigma.sub(level), 0)),
        }),
        "falls",
      );
    },
  });
}

export const fStarEntry = normEntry({
  name: "f_star",
  options: ["polar", "dual"],
  parameters: { alpha: alphaParameter },
  vectors: "euclidean",
  row: {
    value: "smallest t with ‖(σ − αt)₊‖₂ ≤ (1−α)t",
    dual: "α Σσᵢ + (1−α)‖G‖_F",
    lmo: "−(α UVᵀ + (1−α) G/‖G‖_F)",
    sharp: "dual·(α UVᵀ + (1−α) G/‖G‖_F)",
    init: "−lmo of a Gaussian",
    cost: "polar",
  },
  create: fStar,
});
