import { chain } from "../../core/chain.ts";
import { everything } from "../../define/definition.ts";
import { defineOptimizer } from "../../define/namedOptimizer.ts";
import { nonNegative, rate } from "../../define/options.ts";
import { addDecayedWeights } from "../../transforms/addDecayedWeights.ts";
import { scaleByLearningRate } from "../../transforms/scaleByLearningRate.ts";
import { sign } from "../../transforms/sign.ts";

/**
 * Sign descent, for every parameter: the step of the max norm, without state.
 *
 *   W ← (1−ηλ)W − η sign(G)
 *
 * Source: Bernstein et al. 2018, arXiv:1802.04434, which has no decay.
 *
 * @example signsgd({ learningRate: 1e-3 })
 */
export const signsgd = defineOptimizer({
  name: "signsgd",
  family: "norm-constrained",
  summary: "The sign of the gradient: the step of the max norm, without state.",
  formula: "W ← (1−ηλ)W − η sign(G)",
  source: "Bernstein et al. 2018, arXiv:1802.04434",
  state: "0",
  geometry: "max norm",
  computation: "O(mn)",
  when: "Large batches without memory for state, or gradients compressed to one bit.",
  golden: ["signsgd"],
  options: {
    learningRate: rate(1e-3, "learning rate η"),
    weightDecay: nonNegative(0, "weight decay λ, decoupled"),
  },
  recipe({ learningRate, weightDecay }, { schedule }) {
    const transform = chain(
      sign(),
      addDecayedWeights(weightDecay),
      scaleByLearningRate(learningRate, schedule),
    );
    return [{ name: "signsgd", takes: everything, transform }];
  },
});
