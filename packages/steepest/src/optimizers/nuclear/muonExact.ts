import { defineMatrixOptimizer } from "../../define/defineMatrixOptimizer.ts";
import { auxiliaryAdamW, auxiliaryOptions } from "../../define/recipes/auxiliary.ts";
import { directionMethod, directionOptions } from "../../define/recipes/directionMethod.ts";
import { orthogonalize } from "../../transforms/orthogonalize.ts";

/**
 * Muon with an exact polar factor, for hidden weights and convolutions, seen as [dOut, rest]: the step of
 * the spectral norm.
 *
 *   M ← μM + (1−μ)G;   W ← (1−ηλ)W − η·scale·UVᵀ,   M = UΣVᵀ by SVD
 *
 * No shape factor by default and no look-ahead. AdamW for the rest. State mn, 0 with momentum 0. Source: The
 * Nuclear Norm and Beyond: Dual Norms and Combinations for Matrix Optimization (draft), which leaves
 * momentum and decay free.
 *
 * @example muonExact({ learningRate: 1e-3 })
 */
export const muonExact = defineMatrixOptimizer({
  name: "muon_exact",
  family: "norm-constrained",
  summary: "Muon with an exact polar factor, no shape factor and no look-ahead: the pure spectral step.",
  formula: "M ← μM + (1−μ)G;  W ← (1−ηλ)W − η·scale·UVᵀ,  M = UΣVᵀ by SVD",
  source: "The Nuclear Norm and Beyond: Dual Norms and Combinations for Matrix Optimization (draft)",
  state: "mn for hidden weights (0 with momentum 0), 2mn for the rest",
  geometry: "spectral norm",
  computation: "O(m²n) and an eigendecomposition, O(m³)",
  when: "As the reference of Muon's approximations, and for small matrices: a decomposition at every step.",
  options: {
    ...directionOptions,
    ...auxiliaryOptions({ learningRate: 3e-4, weightDecay: 0, eps: 1e-8 }),
  },
  recipe: (values, { schedule }) => [
    directionMethod("muon_exact", orthogonalize("svd"), values, schedule),
    auxiliaryAdamW(values, schedule),
  ],
});
