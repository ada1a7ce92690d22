import { chain } from "../../core/chain.ts";
import { everything } from "../../define/definition.ts";
import { defineOptimizer } from "../../define/namedOptimizer.ts";
import { flag, nonNegative, OptionError, pastWeight, rate } from "../../define/options.ts";
import { addDecayedWeights } from "../../transforms/addDecayedWeights.ts";
import { identity } from "../../transforms/identity.ts";
import { scaleByLearningRate } from "../../transforms/scaleByLearningRate.ts";
import { trace } from "../../transforms/trace.ts";

/**
 * Stochastic gradient descent, for every parameter, with heavy-ball or Nesterov momentum.
 *
 *   g = G + λW;   B ← μB + (1−τ)g, at the first step B ← g
 *   W ← W − ηd,   d = g without momentum, B, or g + μB with `nesterov`
 *
 * State 0, mn with momentum. Source: Robbins & Monro 1951; Polyak 1964; Nesterov 1983 as in Sutskever et al.
 * 2013. Semantics of torch.optim.SGD, which for dampening 0 is also optax.sgd.
 *
 * @example sgd({ learningRate: 0.1, momentum: 0.9 })
 */
export const sgd = defineOptimizer({
  name: "sgd",
  family: "gradient",
  summary: "Stochastic gradient descent, with heavy-ball or Nesterov momentum.",
  formula: "g ← G + λW;  B ← μB + (1−τ)g  (B ← g first);  d = g + μB (nesterov) or B;  W ← W − ηd",
  source: "Robbins & Monro 1951; Polyak 1964; Nesterov 1983 as in Sutskever et al. 2013",
  state: "0, with momentum mn",
  geometry: "identity",
  computation: "O(mn)",
  when:
    "Convolutional networks with tuned rates and schedules, and as the baseline. Transformers need far " +
    "fewer steps with other methods.",
  golden: ["sgd", "sgd_momentum", "sgd_nesterov", "sgd_dampening"],
  options: {
    learningRate: rate(1e-3, "learning rate η"),
    momentum: pastWeight(0, "momentum μ, the weight of the past"),
    dampening: nonNegative(0, "τ: every gradient but the first enters the buffer with weight 1 − τ"),
    nesterov: flag(false, "Nesterov's look-ahead; needs momentum > 0 and dampening 0"),
    weightDecay: nonNegative(0, "weight decay λ, added to the gradient"),
  },
  recipe({ learningRate, momentum, dampening, nesterov, weightDecay }, { schedule }) {
    if (nesterov && (momentum === 0 || dampening !== 0)) {
      throw new OptionError("sgd: nesterov needs momentum > 0 and dampening 0");
    }
    const transform = chain(
      addDecayedWeights(weightDecay),
      momentum === 0 ? identity() : trace(momentum, { nesterov, dampening }),
      scaleByLearningRate(learningRate, schedule),
    );
    return [{ name: "sgd", takes: everything, transform }];
  },
});
