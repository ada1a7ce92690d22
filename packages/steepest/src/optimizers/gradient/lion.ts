import { chain } from "../../core/chain.ts";
import { everything } from "../../define/definition.ts";
import { defineOptimizer } from "../../define/namedOptimizer.ts";
import { nonNegative, pastWeight, rate } from "../../define/options.ts";
import { addDecayedWeights } from "../../transforms/addDecayedWeights.ts";
import { lionMomentum } from "../../transforms/lionMomentum.ts";
import { scaleByLearningRate } from "../../transforms/scaleByLearningRate.ts";
import { sign } from "../../transforms/sign.ts";

/**
 * Lion, for every parameter: the sign of a look-ahead average.
 *
 *   c = b1·m + (1−b1)G;   W ← (1−ηλ)W − η sign(c);   m ← b2·m + (1−b2)G
 *
 * State mn. Source: Chen et al. 2023, arXiv:2302.06675. The same step in other norms: `lionK`.
 *
 * @example lion({ learningRate: 1e-4, weightDecay: 1 })
 */
export const lion = defineOptimizer({
  name: "lion",
  family: "norm-constrained",
  summary: "The sign of a look-ahead average, with half of Adam's state.",
  formula: "c = b1·m + (1−b1)G;  W ← (1−ηλ)W − η sign(c);  m ← b2·m + (1−b2)G",
  source: "Chen et al. 2023, arXiv:2302.06675",
  state: "mn",
  geometry: "max norm",
  computation: "O(mn)",
  when:
    "In AdamW's place with half the state. Take rates 3 to 10 times lower than AdamW's, and decay as " +
    "much higher.",
  golden: ["lion"],
  options: {
    learningRate: rate(1e-4, "learning rate η"),
    b1: pastWeight(0.9, "weight of the past in the step"),
    b2: pastWeight(0.99, "weight of the past in the buffer"),
    weightDecay: nonNegative(0, "weight decay λ, decoupled: the weights stay within 1/λ"),
  },
  recipe({ learningRate, b1, b2, weightDecay }, { schedule }) {
    const transform = chain(
      lionMomentum(b1, b2),
      sign(),
      addDecayedWeights(weightDecay),
      scaleByLearningRate(learningRate, schedule),
    );
    return [{ name: "lion", takes: everything, transform }];
  },
});
