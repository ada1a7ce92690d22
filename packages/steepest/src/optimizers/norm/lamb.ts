import { chain } from "../../core/chain.ts";
import { everything } from "../../define/definition.ts";
import { defineOptimizer } from "../../define/namedOptimizer.ts";
import { choice, nonNegative, pastWeight, rate, value } from "../../define/options.ts";
import { addDecayedWeights } from "../../transforms/addDecayedWeights.ts";
import { identity } from "../../transforms/identity.ts";
import { scaleByAdam } from "../../transforms/scaleByAdam.ts";
import { scaleByAdamCorrection } from "../../transforms/scaleByAdamCorrection.ts";
import { scaleByLearningRate } from "../../transforms/scaleByLearningRate.ts";
import { scaleByTrustRatio } from "../../transforms/scaleByTrustRatio.ts";

/**
 * LAMB, for every parameter: Adam's step brought to a length relative to the tensor's own norm, a step of
 * fixed length in the Frobenius norm of every tensor.
 *
 *   u = m̂/(√v̂ + eps) + λW;   W ← W − η·(min(‖W‖, clamp)/‖u‖)·u,   ratio 1 where ‖W‖ or ‖u‖ is 0
 *
 * State 2mn. Source: You et al. 2019, arXiv:1904.00962. Defaults are optax's; the paper's third version
 * corrects no bias (`biasCorrection: "none"`) and clamps ‖W‖ to 10 (`maxWeightNorm: 10`).
 *
 * @example lamb({ learningRate: 1e-3, weightDecay: 0.01 })
 */
export const lamb = defineOptimizer({
  name: "lamb",
  family: "norm-constrained",
  summary: "Adam with every tensor's step scaled to the tensor's own norm: for very large batches.",
  formula: "u = m̂/(√v̂ + eps) + λW;  W ← W − η·(min(‖W‖, clamp)/‖u‖)·u",
  source: "You et al. 2019, arXiv:1904.00962",
  state: "2mn",
  geometry: "Frobenius norm, radius ‖W‖, of Adam's step",
  computation: "O(mn)",
  when: "Very large batches, where every tensor must move by the same relative step.",
  golden: ["lamb", "lamb_bias_correction"],
  options: {
    learningRate: rate(1e-3, "learning rate η: the step relative to ‖W‖"),
    b1: pastWeight(0.9, "weight of the past in the average of gradients"),
    b2: pastWeight(0.999, "weight of the past in the average of squared gradients"),
    eps: nonNegative(1e-6, "added outside the root"),
    biasCorrection: choice(
      "averages",
      ["averages", "stepSize", "none"],
      "of m and v, as a factor on the step past the trust ratio, or none",
    ),
    maxWeightNorm: value<number | "none">("none", "> 0, or none", "largest ‖W‖ that counts", (given) =>
      given === "none" || (typeof given === "number" && given > 0) ? given : undefined,
    ),
    weightDecay: nonNegative(0, "weight decay λ, inside the trust ratio"),
  },
  recipe(options, { schedule }) {
    const { learningRate, b1, b2, eps, biasCorrection, maxWeightNorm, weightDecay } = options;
    const transform = chain(
      scaleByAdam({ b1, b2, eps, biasCorrection: biasCorrection === "averages" }),
      addDecayedWeights(weightDecay),
      scaleByTrustRatio(maxWeightNorm === "none" ? {} : { maxWeightNorm }),
      biasCorrection === "stepSize" ? scaleByAdamCorrection(b1, b2) : identity(),
      scaleByLearningRate(learningRate, schedule),
    );
    return [{ name: "lamb", takes: everything, transform }];
  },
});
