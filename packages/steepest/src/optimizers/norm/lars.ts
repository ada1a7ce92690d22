import { chain } from "../../core/chain.ts";
import { everything } from "../../define/definition.ts";
import { defineOptimizer } from "../../define/namedOptimizer.ts";
import { choice, flag, nonNegative, pastWeight, positive, rate } from "../../define/options.ts";
import { addDecayedWeights } from "../../transforms/addDecayedWeights.ts";
import { scaleByLearningRate } from "../../transforms/scaleByLearningRate.ts";
import { scaleByTrustRatio } from "../../transforms/scaleByTrustRatio.ts";
import { trace } from "../../transforms/trace.ts";
import { scaleByDecayedTrustRatio } from "./scaleByDecayedTrustRatio.ts";

/**
 * LARS: momentum SGD whose step of every tensor is proportional to the tensor's norm, a step of fixed length
 * in the Frobenius norm. Gains and biases get momentum SGD without ratio or decay.
 *
 *   d = G + λW;   r = κ‖W‖/(‖d‖ + eps), 1 where a norm is 0;   M ← μM + η·r·d;   W ← W − M
 *
 * State mn. Source: You, Gitman & Ginsburg 2017, arXiv:1708.03888, which divides by ‖G‖ + λ‖W‖
 * (`trustDenominator: "sumOfNorms"`). Here the order of optax: decay, trust ratio, learning rate, momentum.
 *
 * @example lars({ learningRate: 1, weightDecay: 5e-4 })
 */
export const lars = defineOptimizer({
  name: "lars",
  family: "norm-constrained",
  summary: "Momentum SGD with every tensor's step proportional to the tensor's norm; made for large batches.",
  formula: "d = G + λW;  r = κ‖W‖/(‖d‖ + eps), κ‖W‖/(‖G‖ + λ‖W‖) or κ‖W‖/‖G‖;  M ← μM + η·r·d;  W ← W − M",
  source: "You, Gitman & Ginsburg 2017, arXiv:1708.03888",
  state: "mn",
  geometry: "Frobenius norm, radius ‖W‖",
  computation: "O(mn)",
  when: "Convolutional networks with very large batches.",
  golden: ["lars"],
  options: {
    learningRate: rate(1, "learning rate η"),
    momentum: pastWeight(0.9, "momentum μ of M ← μM + η·r·d"),
    nesterov: flag(false, "Nesterov's look-ahead"),
    trustCoefficient: positive(1e-3, "κ: the step relative to ‖W‖, before η"),
    trustDenominator: choice(
      "sum",
      ["sum", "sumOfNorms", "gradient"],
      "‖G + λW‖ + eps, the paper's ‖G‖ + λ‖W‖, or ‖G‖ as pytorch_optimizer's code",
    ),
    eps: nonNegative(0, "added to the denominator"),
    weightDecay: nonNegative(0, "weight decay λ, added to the gradient; not for gains and biases"),
  },
  recipe(options, { schedule }) {
    const { learningRate, momentum, nesterov, trustCoefficient, trustDenominator, eps, weightDecay } =
      options;
    const ratio = { coefficient: trustCoefficient, eps };
    const tail = () => chain(scaleByLearningRate(learningRate, schedule), trace(momentum, { nesterov }));
    const transform =
      trustDenominator === "sum"
        ? chain(addDecayedWeights(weightDecay), scaleByTrustRatio(ratio), tail())
        : chain(scaleByDecayedTrustRatio(weightDecay, { ...ratio, denominator: trustDenominator }), tail());
    return [
      { name: "lars", takes: ({ role }) => role !== "gain" && role !== "bias", transform },
      { name: "sgd", takes: everything, transform: tail() },
    ];
  },
});
