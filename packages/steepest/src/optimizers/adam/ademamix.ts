import { chain } from "../../core/chain.ts";
import { everything } from "../../define/definition.ts";
import { defineOptimizer } from "../../define/namedOptimizer.ts";
import { nonNegative, pastWeight, rate } from "../../define/options.ts";
import { addDecayedWeights } from "../../transforms/addDecayedWeights.ts";
import { scaleByLearningRate } from "../../transforms/scaleByLearningRate.ts";
import { momentOptions } from "./momentOptions.ts";
import { scaleByAdemamix } from "./scaleByAdemamix.ts";

/**
 * AdEMAMix, for every parameter: AdamW with a second, much slower average of gradients in its step.
 *
 *   m ← b1·m + (1−b1)G;   s ← b3·s + (1−b3)G;   v ← b2·v + (1−b2)G²
 *   W ← (1−ηλ)W − η (m̂ + α·s)/(√v̂ + eps)
 *
 * State 3mn. Source: Pagliardini, Ablin & Grangier 2024, arXiv:2409.03137. α and b3 are constant here, where
 * the paper's long runs warm both up.
 *
 * @example ademamix({ learningRate: 1e-3, alpha: 5 })
 */
export const ademamix = defineOptimizer({
  name: "ademamix",
  family: "fisher",
  summary: "AdamW with a second, very long average of gradients in the step.",
  formula: "W ← (1−ηλ)W − η (m̂ + α·s)/(√v̂ + eps);  s ← b3·s + (1−b3)G",
  source: "Pagliardini, Ablin & Grangier 2024, arXiv:2409.03137",
  state: "3mn",
  geometry: "Diag(v)",
  computation: "O(mn)",
  when:
    "Long runs: an average over thousands of steps helps late in training. Its state is three times the " +
    "weights.",
  golden: ["ademamix"],
  options: {
    learningRate: rate(1e-3, "learning rate η"),
    ...momentOptions,
    weightDecay: nonNegative(0, "weight decay λ, decoupled"),
    b3: pastWeight(0.9999, "weight of the past in the slow average"),
    alpha: nonNegative(5, "α: weight of the slow average in the step"),
  },
  recipe({ learningRate, weightDecay, ...averages }, { schedule }) {
    const transform = chain(
      scaleByAdemamix(averages),
      addDecayedWeights(weightDecay),
      scaleByLearningRate(learningRate, schedule),
    );
    return [{ name: "ademamix", takes: everything, transform }];
  },
});
