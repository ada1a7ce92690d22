import { defineMatrixOptimizer } from "../../define/defineMatrixOptimizer.ts";
import { auxiliaryAdamW, auxiliaryOptions } from "../../define/recipes/auxiliary.ts";
import { directionMethod, directionOptions } from "../../define/recipes/directionMethod.ts";
import { rankOne } from "./rankOne.ts";
import { topPairOptions } from "./topPairOptions.ts";

/**
 * Neon, for hidden weights and convolutions, seen as [dOut, rest]: the step of the nuclear norm, the top
 * singular pair of the average.
 *
 *   M ← μM + (1−μ)G;   W ← (1−ηλ)W − η·scale·u₁v₁ᵀ,   M = Σ σᵢuᵢvᵢᵀ
 *
 * By default u₁ and v₁ come from power iteration that starts at the last v. AdamW for the rest. State mn +
 * n, n with momentum 0. Source: The Nuclear Norm and Beyond: Dual Norms and Combinations for Matrix
 * Optimization (draft).
 *
 * @example neon({ learningRate: 1e-3 })
 */
export const neon = defineMatrixOptimizer({
  name: "neon",
  family: "norm-constrained",
  summary: "The step of the nuclear norm: only the top singular pair of the average. No Newton-Schulz.",
  formula: "M ← μM + (1−μ)G;  W ← (1−ηλ)W − η·scale·u₁v₁ᵀ,  M = Σ σᵢuᵢvᵢᵀ",
  source: "The Nuclear Norm and Beyond: Dual Norms and Combinations for Matrix Optimization (draft)",
  state: "mn + n for hidden weights (0 + n with momentum 0), 2mn for the rest",
  geometry: "nuclear norm",
  computation: "O(mn·T)",
  when: "A cheap probe of the nuclear norm: rank-one steps, for which no Newton-Schulz is needed.",
  options: {
    ...directionOptions,
    ...auxiliaryOptions({ learningRate: 3e-4, weightDecay: 0, eps: 1e-8 }),
    ...topPairOptions,
  },
  recipe: (values, { schedule }) => [
    directionMethod("neon", rankOne({ method: values.topPair, steps: values.steps }), values, schedule),
    auxiliaryAdamW(values, schedule),
  ],
});
