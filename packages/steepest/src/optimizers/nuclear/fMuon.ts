import { defineMatrixOptimizer } from "../../define/defineMatrixOptimizer.ts";
import { fraction } from "../../define/options.ts";
import { auxiliaryAdamW, auxiliaryOptions } from "../../define/recipes/auxiliary.ts";
import { directionMethod, directionOptions, unitFrobenius } from "../../define/recipes/directionMethod.ts";
import { orthogonalizeBy } from "../../define/recipes/muonRecipe.ts";
import { polarOptions } from "../../define/recipes/polarOptions.ts";
import { blend } from "./blend.ts";

/**
 * F-Muon, for hidden weights and convolutions, seen as [dOut, rest]: between Muon and normalised SGD.
 *
 *   M ← μM + (1−μ)G;   W ← (1−ηλ)W − η·scale·(α UVᵀ + (1−α) M/‖M‖_F),   M = UΣVᵀ
 *
 * The step of the dual norm α‖·‖_nuc + (1−α)‖·‖_F. AdamW for the rest. State mn, 0 with momentum 0. Source:
 * The Nuclear Norm and Beyond: Dual Norms and Combinations for Matrix Optimization (draft).
 *
 * @example fMuon({ learningRate: 1e-3, alpha: 0.5 })
 */
export const fMuon = defineMatrixOptimizer({
  name: "f_muon",
  family: "norm-constrained",
  summary: "Between Muon and normalised SGD: the step of the dual norm α‖·‖_nuc + (1−α)‖·‖_F.",
  formula: "M ← μM + (1−μ)G;  W ← (1−ηλ)W − η·scale·(α UVᵀ + (1−α) M/‖M‖_F),  M = UΣVᵀ",
  source: "The Nuclear Norm and Beyond: Dual Norms and Combinations for Matrix Optimization (draft)",
  state: "mn for hidden weights (0 with momentum 0), 2mn for the rest",
  geometry: "dual of α‖·‖_nuc + (1−α)‖·‖_F",
  computation: "O(m²n·T)",
  when: "Where Muon amplifies noise in small singular directions: α moves towards normalised SGD.",
  options: {
    ...directionOptions,
    ...auxiliaryOptions({ learningRate: 3e-4, weightDecay: 0, eps: 1e-8 }),
    alpha: fraction(0.5, "α: 1 is the pure method, 0 is nsgd"),
    ...polarOptions(),
  },
  recipe: (values, { schedule }) => [
    directionMethod(
      "f_muon",
      blend(values.alpha, orthogonalizeBy(values), unitFrobenius()),
      values,
      schedule,
    ),
    auxiliaryAdamW(values, schedule),
  ],
});
