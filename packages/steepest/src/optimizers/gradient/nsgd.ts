import { defineMatrixOptimizer } from "../../define/defineMatrixOptimizer.ts";
import { auxiliaryAdamW, auxiliaryOptions } from "../../define/recipes/auxiliary.ts";
import { directionMethod, directionOptions, unitFrobenius } from "../../define/recipes/directionMethod.ts";

/**
 * Normalised SGD with momentum, for hidden weights: a step of one Frobenius norm for every layer. AdamW for
 * the rest.
 *
 *   M ← μM + (1−μ)G;   W ← (1−ηλ)W − η·scale·M/(‖M‖_F + 1e-12)
 *
 * State mn for hidden weights, 0 with momentum 0. Source: The Nuclear Norm and Beyond (draft); normalised
 * gradient: Nesterov 1984.
 *
 * @example nsgd({ learningRate: 0.01 })
 */
export const nsgd = defineMatrixOptimizer({
  name: "nsgd",
  family: "norm-constrained",
  summary: "Momentum scaled to unit Frobenius norm, layer by layer.",
  formula: "M ← μM + (1−μ)G;  W ← (1−ηλ)W − η·scale·M / (‖M‖_F + 1e-12)",
  source: "The Nuclear Norm and Beyond (draft); normalised gradient: Nesterov 1984",
  state: "mn for hidden weights (0 with momentum 0), 2mn for the rest",
  geometry: "Frobenius norm",
  computation: "O(mn)",
  when:
    "Where the length of the gradient is unreliable but its direction is not. It is the Frobenius end of " +
    "the families of `f_muon` and `f_neon`.",
  options: { ...directionOptions, ...auxiliaryOptions({ learningRate: 3e-4, weightDecay: 0, eps: 1e-8 }) },
  recipe: (values, { schedule }) => [
    directionMethod("nsgd", unitFrobenius(), values, schedule),
    auxiliaryAdamW(values, schedule),
  ],
});
