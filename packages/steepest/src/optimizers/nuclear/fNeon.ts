import { defineMatrixOptimizer } from "../../define/defineMatrixOptimizer.ts";
import { fraction } from "../../define/options.ts";
import { auxiliaryAdamW, auxiliaryOptions } from "../../define/recipes/auxiliary.ts";
import { directionMethod, directionOptions, unitFrobenius } from "../../define/recipes/directionMethod.ts";
import { blend } from "./blend.ts";
import { rankOne } from "./rankOne.ts";
import { topPairOptions } from "./topPairOptions.ts";

/**
 * F-Neon, for hidden weights and convolutions, seen as [dOut, rest]: between Neon and normalised SGD.
 *
 *   M ← μM + (1−μ)G;   W ← (1−ηλ)W − η·scale·(α u₁v₁ᵀ + (1−α) M/‖M‖_F)
 *
 * The step of the dual norm α‖·‖_op + (1−α)‖·‖_F. AdamW for the rest. State mn + n, n with momentum 0.
 * Source: The Nuclear Norm and Beyond: Dual Norms and Combinations for Matrix Optimization (draft).
 *
 * @example fNeon({ learningRate: 1e-3, alpha: 0.5 })
 */
export const fNeon = defineMatrixOptimizer({
  name: "f_neon",
  family: "norm-constrained",
  summary: "Between Neon and normalised SGD: the step of the dual norm α‖·‖_op + (1−α)‖·‖_F.",
  formula: "M ← μM + (1−μ)G;  W ← (1−ηλ)W − η·scale·(α u₁v₁ᵀ + (1−α) M/‖M‖_F)",
  source: "The Nuclear Norm and Beyond: Dual Norms and Combinations for Matrix Optimization (draft)",
  state: "mn + n for hidden weights (0 + n with momentum 0), 2mn for the rest",
  geometry: "dual of α‖·‖_op + (1−α)‖·‖_F",
  computation: "O(mn·T)",
  when: "Between the rank-one and the round step, without a polar factor.",
  options: {
    ...directionOptions,
    ...auxiliaryOptions({ learningRate: 3e-4, weightDecay: 0, eps: 1e-8 }),
    alpha: fraction(0.5, "α: 1 is the pure method, 0 is nsgd"),
    ...topPairOptions,
  },
  recipe: (values, { schedule }) => [
    directionMethod(
      "f_neon",
      blend(values.alpha, rankOne({ method: values.topPair, steps: values.steps }), unitFrobenius()),
      values,
      schedule,
    ),
    auxiliaryAdamW(values, schedule),
  ],
});
