import { defineMatrixOptimizer } from "../../define/defineMatrixOptimizer.ts";
import { hiddenWeights } from "../../define/definition.ts";
import { auxiliaryAdamW, auxiliaryOptions } from "../../define/recipes/auxiliary.ts";
import { type PolarValues, polarFrom, polarOptions } from "../../define/recipes/polarOptions.ts";
import { flattened } from "../../norms/flattened.ts";
import { createNorm } from "../../norms/named.ts";
import { clippedMethod, clippedOptions } from "./clippedMethod.ts";

/**
 * Clipped spectral descent, for hidden weights: GGNC in the largest spectral norm. AdamW for the rest.
 *
 *   d = UΣVᵀ ← μd + (1−μ)G;   W ← (1−γλ)W − γ min{ρ, ‖d‖_nuc} UVᵀ,   ‖d‖_nuc over all hidden weights
 *
 * State mn for hidden weights, 0 with momentum 0. Source: Pethick et al. 2025, arXiv:2506.01913, Algorithm 1.
 * ‖d‖_nuc is taken as ⟨d, UVᵀ⟩, which falls short of it as far as an inexact polar factor does.
 *
 * @example clippedSpectral({ learningRate: 0.02, threshold: 1 })
 */
export const clippedSpectral = defineMatrixOptimizer({
  name: "clipped_spectral",
  family: "norm-constrained",
  summary: "Muon whose step shrinks with the sum of nuclear norms once that is below ρ; AdamW for the rest.",
  formula:
    "d ← μd + (1−μ)G;  W ← (1−γλ)W − γ min{ρ, ‖d‖_nuc} UVᵀ,  d = UΣVᵀ, ‖d‖_nuc over all hidden weights " +
    "as ⟨d, UVᵀ⟩",
  source: "Pethick et al. 2025, arXiv:2506.01913, Algorithm 1",
  state: "mn for hidden weights (0 with momentum 0), 2mn for the rest",
  geometry: "spectral norm",
  computation: "O(m²n·T)",
  when: "Muon whose steps vanish with the gradient instead of circling the optimum.",
  options: {
    ...clippedOptions,
    ...polarOptions(),
    ...auxiliaryOptions({ learningRate: 3e-4, weightDecay: 0, eps: 1e-8 }),
  },
  recipe(values, context) {
    const normOf = (own: PolarValues) =>
      flattened(createNorm("operator", { dual: "oracle", polar: polarFrom(own) }));
    const clipped = clippedMethod("clipped_spectral", { normOf, kind: "max" }, values, context);
    return [{ ...clipped, takes: hiddenWeights }, auxiliaryAdamW(values, context.schedule)];
  },
});
