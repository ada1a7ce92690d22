import { chain } from "../../core/chain.ts";
import { defineMatrixOptimizer } from "../../define/defineMatrixOptimizer.ts";
import { hiddenWeights } from "../../define/definition.ts";
import { nonNegative, rate } from "../../define/options.ts";
import { auxiliaryAdamW, auxiliaryOptions } from "../../define/recipes/auxiliary.ts";
import { orthogonalizeBy } from "../../define/recipes/muonRecipe.ts";
import { polarOptions } from "../../define/recipes/polarOptions.ts";
import { addDecayedWeights } from "../../transforms/addDecayedWeights.ts";
import { nuclearScaled } from "../../transforms/nuclearScaled.ts";
import { scaleByLearningRate } from "../../transforms/scaleByLearningRate.ts";

/**
 * Stochastic spectral descent, for hidden weights and convolutions, seen as [dOut, rest]: steepest descent
 * in the spectral norm.
 *
 *   W ← (1−ηλ)W − η‖G‖_nuc·UVᵀ,   G = UΣVᵀ, ‖G‖_nuc as ⟨G, UVᵀ⟩
 *
 * AdamW for the rest. No state, no momentum: steps have the size of the gradient. Source: Carlson, Cevher &
 * Carin 2015 (AISTATS).
 *
 * @example stochasticSpectralDescent({ learningRate: 1e-3 })
 */
export const stochasticSpectralDescent = defineMatrixOptimizer({
  name: "stochastic_spectral_descent",
  family: "norm-constrained",
  summary: "Steepest descent in the spectral norm, without momentum or state; AdamW for the rest.",
  formula: "W ← (1−ηλ)W − η‖G‖_nuc UVᵀ,  G = UΣVᵀ, ‖G‖_nuc as ⟨G, UVᵀ⟩",
  source: "Carlson, Cevher & Carin 2015 (AISTATS)",
  state: "0 for hidden weights, 2mn for the rest",
  geometry: "spectral norm",
  computation: "O(m²n·T)",
  when: "Without state, for small networks with large batches; the ancestor of Muon.",
  options: {
    learningRate: rate(1e-3, "learning rate η of hidden weights"),
    weightDecay: nonNegative(0, "weight decay λ, decoupled"),
    ...polarOptions({ coefficients: "polarExpress" }),
    ...auxiliaryOptions({ learningRate: 3e-4, weightDecay: 0, eps: 1e-8 }),
  },
  recipe: (values, { schedule }) => [
    {
      name: "stochastic_spectral_descent",
      takes: hiddenWeights,
      transform: chain(
        nuclearScaled(orthogonalizeBy(values)),
        addDecayedWeights(values.weightDecay),
        scaleByLearningRate(values.learningRate, schedule),
      ),
    },
    auxiliaryAdamW(values, schedule),
  ],
});
