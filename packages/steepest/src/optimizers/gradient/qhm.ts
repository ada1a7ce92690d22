import { chain } from "../../core/chain.ts";
import { everything } from "../../define/definition.ts";
import { defineOptimizer } from "../../define/namedOptimizer.ts";
import { fraction, nonNegative, pastWeight, rate } from "../../define/options.ts";
import { addDecayedWeights } from "../../transforms/addDecayedWeights.ts";
import { scaleByLearningRate } from "../../transforms/scaleByLearningRate.ts";
import { mixWithAverage } from "./mixWithAverage.ts";

/**
 * Quasi-hyperbolic momentum, for every parameter: the gradient and its average, mixed.
 *
 *   M ← μM + (1−μ)G;   W ← (1−ηλ)W − η((1−ν)G + νM)
 *
 * ν = 0 is SGD, ν = 1 averaged momentum, ν = μ its look-ahead. State mn. Source: Ma & Yarats 2018, arXiv:1810.06801.
 * Ours: decoupled decay.
 *
 * @example qhm({ learningRate: 1, momentum: 0.999, mix: 0.7 })
 */
export const qhm = defineOptimizer({
  name: "qhm",
  family: "gradient",
  summary: "Quasi-hyperbolic momentum: the gradient and its average, mixed.",
  formula: "M ← μM + (1−μ)G;  W ← (1−ηλ)W − η((1−ν)G + νM)",
  source: "Ma & Yarats 2018, arXiv:1810.06801",
  state: "mn",
  geometry: "identity",
  computation: "O(mn)",
  when: "In SGD's place where long averages help but the newest gradient must count.",
  options: {
    learningRate: rate(1e-1, "learning rate η"),
    momentum: pastWeight(0.999, "momentum μ, the weight of the past"),
    mix: fraction(0.7, "share ν of the average in the step"),
    weightDecay: nonNegative(0, "weight decay λ, decoupled"),
  },
  recipe({ learningRate, momentum, mix, weightDecay }, { schedule }) {
    const transform = chain(
      mixWithAverage(momentum, mix),
      addDecayedWeights(weightDecay),
      scaleByLearningRate(learningRate, schedule),
    );
    return [{ name: "qhm", takes: everything, transform }];
  },
});
