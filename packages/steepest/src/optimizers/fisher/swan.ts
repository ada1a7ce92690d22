import { chain } from "../../core/chain.ts";
import { hiddenWeights } from "../../define/definition.ts";
import { defineOptimizer } from "../../define/namedOptimizer.ts";
import { choice, flag, integer, nonNegative, positive, rate } from "../../define/options.ts";
import { auxiliaryAdamW, auxiliaryOptions } from "../../define/recipes/auxiliary.ts";
import { addDecayedWeights } from "../../transforms/addDecayedWeights.ts";
import { scale } from "../../transforms/scale.ts";
import { scaleByLearningRate } from "../../transforms/scaleByLearningRate.ts";
import { whitenStandardized } from "./whitenStandardized.ts";

/**
 * SWAN, for hidden weights: rows of the gradient standardised, then whitened, without state. AdamW for the
 * rest.
 *
 *   G̃ = (G − row means)/row deviations;   Δ = (G̃G̃ᵀ)^(−1/2)G̃, scaled to ‖G̃‖;   W ← (1−ηλ)W − ηαΔ
 *
 * State 0 for hidden weights. Source: Ma et al. 2024, arXiv:2412.13148. No official code exists and accounts
 * of the paper's iteration conflict; with its step factor 0.8 the iteration is unstable. Here it is the
 * convergent one, factor ½ on a Gram matrix divided by its Frobenius norm: true whitening.
 *
 * @example swan({ learningRate: 1e-3 })
 */
export const swan = defineOptimizer({
  name: "swan",
  family: "fisher",
  summary: "Rows of the gradient standardised, then whitened: a stateless step for hidden weights.",
  formula: "G̃ = (G − row means)/row deviations;  Δ = (G̃G̃ᵀ)^(−1/2)G̃;  Δ ← Δ‖G̃‖/‖Δ‖;  W ← (1−ηλ)W − ηαΔ",
  source: "Ma et al. 2024, arXiv:2412.13148",
  state: "0 for hidden weights, 2mn for the rest",
  geometry: "I ⊗ M, one sample",
  computation: "O(m²n·T)",
  when:
    "Large batches, with no state at all for hidden weights. Steps do not shrink with the gradient and " +
    "nothing is averaged.",
  golden: ["swan"],
  options: {
    learningRate: rate(1e-3, "learning rate η"),
    alpha: positive(0.05, "α: factor on the step, whose root mean square is 1 with rescale"),
    steps: integer(20, 1, "iterations of the coupled Newton-Schulz; 10 do for wide and tall weights"),
    divisor: choice("frobenius", ["frobenius", "trace"], "of G̃G̃ᵀ before the iteration; trace: ‖G̃‖_F²"),
    rescale: flag(true, "scale the whitened matrix to the norm of the standardised one"),
    deviationFloor: nonNegative(1e-8, "least standard deviation of a row that counts"),
    weightDecay: nonNegative(0, "weight decay λ, decoupled"),
    ...auxiliaryOptions({ learningRate: "same", weightDecay: "same", eps: 1e-8 }),
  },
  recipe(options, { schedule }) {
    const { learningRate, alpha, steps, divisor, rescale, deviationFloor, weightDecay } = options;
    const transform = chain(
      whitenStandardized({ steps, divisor, rescale, eps: deviationFloor }),
      scale(alpha),
      addDecayedWeights(weightDecay),
      scaleByLearningRate(learningRate, schedule),
    );
    return [
      { name: "swan", takes: hiddenWeights, transform, scale: () => alpha },
      auxiliaryAdamW(options, schedule),
    ];
  },
});
