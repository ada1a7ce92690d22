import { chain } from "../../core/chain.ts";
import { hiddenWeights } from "../../define/definition.ts";
import { defineOptimizer } from "../../define/namedOptimizer.ts";
import { integer, nonNegative, pastWeight, positive, rate } from "../../define/options.ts";
import { auxiliaryAdamW, auxiliaryOptions } from "../../define/recipes/auxiliary.ts";
import { diagonalKronecker } from "../../fisher/diagonalKronecker.ts";
import { addDecayedWeights } from "../../transforms/addDecayedWeights.ts";
import { limitGrowth } from "../../transforms/limitGrowth.ts";
import { preconditioned } from "../../transforms/preconditioned.ts";
import { scale } from "../../transforms/scale.ts";
import { scaleByLearningRate } from "../../transforms/scaleByLearningRate.ts";

/**
 * RACS, for hidden weights [m, n]: rows and columns of the gradient scaled by the best rank-one fit of its
 * squares. AdamW for the rest.
 *
 *   five times from q̂ = 1: ŝ = (G²)ᵀq̂/(q̂ᵀq̂), q̂ = G²ŝ/(ŝᵀŝ);   s, q ← averages;   G̃ = G/√(q sᵀ)
 *   ν = γ/max(‖G̃‖/φ, γ);   φ ← ν‖G̃‖;   W ← (1−ηλ)W − ηανG̃
 *
 * State m + n + 1 for hidden weights. Source: Gong et al. 2025, arXiv:2502.07752, Algorithm 1. No bias is
 * corrected, as printed: the first step is 1/(1−β) times the steady one, and the limiter starts from it.
 *
 * @example racs({ learningRate: 0.02 })
 */
export const racs = defineOptimizer({
  name: "racs",
  family: "fisher",
  summary:
    "Rows and columns of the gradient scaled by the best rank-one fit of its squares: m + n floats of state.",
  formula:
    "5×: ŝ = (G²)ᵀq̂/(q̂ᵀq̂), q̂ = G²ŝ/(ŝᵀŝ);  s, q ← averages;  G̃ = G/√(q sᵀ);  " +
    "ν = γ/max(‖G̃‖/φ, γ), φ ← ν‖G̃‖;  W ← (1−ηλ)W − ηανG̃",
  source: "Gong et al. 2025, arXiv:2502.07752, Algorithm 1",
  state: "m + n + 1 for hidden weights, 2mn for the rest",
  geometry: "S ⊗ Q, diagonal",
  computation: "O(mn)",
  when:
    "The least memory with a scale for every row and column: m + n + 1 floats. Its first step is 1/(1−β) " +
    "times too long, and the growth limiter starts from there.",
  options: {
    learningRate: rate(0.02, "learning rate η"),
    beta: pastWeight(0.9, "β: weight of the past in s and q"),
    alpha: positive(0.05, "α: factor on the step"),
    gamma: positive(1.01, "γ: most that ‖step‖ may grow from one step to the next"),
    steps: integer(5, 1, "passes of the fixed point"),
    weightDecay: nonNegative(0, "weight decay λ, decoupled"),
    ...auxiliaryOptions({ learningRate: 1e-3, weightDecay: "same", eps: 1e-8 }),
  },
  recipe(options, { schedule }) {
    const { learningRate, beta, alpha, gamma, steps, weightDecay } = options;
    const transform = chain(
      preconditioned(diagonalKronecker({ steps }), { b2: beta, biasCorrection: "none" }),
      limitGrowth(gamma),
      scale(alpha),
      addDecayedWeights(weightDecay),
      scaleByLearningRate(learningRate, schedule),
    );
    return [
      { name: "racs", takes: hiddenWeights, transform, scale: () => alpha },
      auxiliaryAdamW(options, schedule),
    ];
  },
});
