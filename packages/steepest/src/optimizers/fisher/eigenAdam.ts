import { chain } from "../../core/chain.ts";
import { hiddenWeights } from "../../define/definition.ts";
import { defineOptimizer } from "../../define/namedOptimizer.ts";
import { flag, integer, nonNegative, pastWeight, rate } from "../../define/options.ts";
import { matrixAuxiliary, matrixAuxiliaryOptions } from "../../define/recipes/auxiliary.ts";
import { sharedEigenspace } from "../../fisher/sharedEigenspace.ts";
import { addDecayedWeights } from "../../transforms/addDecayedWeights.ts";
import { preconditioned } from "../../transforms/preconditioned.ts";
import { scaleByLearningRate } from "../../transforms/scaleByLearningRate.ts";

/**
 * Eigen-Adam, for hidden weights [m, n]: Adam in the eigenbasis of the average of GGᵀ (of GᵀG where n < m).
 * AdamW for the rest.
 *
 *   Q ← b3·Q + (1−b3)GGᵀ;   U = eigenvectors(Q) at t = 1 and every K steps
 *   M ← b1·M + (1−b1)G;   V ← b2·V + (1−b2)(UᵀG)²;   W ← (1−ηλ)W − η U(UᵀM̂/(√V̂ + eps))
 *
 * State 2mn + 2min(m, n)² for hidden weights. Source: Gong et al. 2025, arXiv:2502.07752, Algorithm 7, which
 * prints neither eps nor bias corrections and gives no numbers for this method; `biasCorrection: false` is
 * the printed form.
 *
 * @example eigenAdam({ learningRate: 1e-3, refreshEvery: 10 })
 */
export const eigenAdam = defineOptimizer({
  name: "eigen_adam",
  family: "fisher",
  summary: "Adam in the eigenbasis of the average of GGᵀ: Adam's structure with a shared rotation.",
  formula:
    "Q ← b3·Q + (1−b3)GGᵀ;  U = eigenvectors(Q) at t = 1 and every K steps;  M ← b1·M + (1−b1)G;  " +
    "V ← b2·V + (1−b2)(UᵀG)²;  W ← (1−ηλ)W − η U(UᵀM̂/(√V̂ + eps))",
  source: "Gong et al. 2025, arXiv:2502.07752, Algorithm 7",
  state: "2mn + 2min(m, n)² for hidden weights, 2mn for the rest",
  geometry: "blockdiag(U Dⱼ Uᵀ)",
  computation: "O(m³/K + m²n)",
  when: "SOAP's rotation on the shorter side only, so that wide and tall weights stay cheap.",
  options: {
    learningRate: rate(1e-3, "learning rate η"),
    b1: pastWeight(0.9, "weight of the past in the average of gradients"),
    b2: pastWeight(0.999, "weight of the past in the average of rotated squares"),
    b3: pastWeight(0.999, "weight of the past in the average of GGᵀ"),
    refreshEvery: integer(10, 1, "K: steps between two bases"),
    biasCorrection: flag(true, "divide the averages by 1 − b^t"),
    eps: nonNegative(1e-8, "added outside the root"),
    weightDecay: nonNegative(0, "weight decay λ, decoupled"),
    ...matrixAuxiliaryOptions,
  },
  recipe(options, { schedule }) {
    const { learningRate, b1, b2, b3, refreshEvery, biasCorrection, eps, weightDecay } = options;
    const transform = chain(
      preconditioned(sharedEigenspace({ eps }), {
        b1,
        b2: b3,
        b2Measured: b2,
        biasCorrection: biasCorrection ? "averages" : "none",
        refresh: { every: refreshEvery, at: "firstAndEnd" },
      }),
      addDecayedWeights(weightDecay),
      scaleByLearningRate(learningRate, schedule),
    );
    return [{ name: "eigen_adam", takes: hiddenWeights, transform }, matrixAuxiliary(options, schedule)];
  },
});
