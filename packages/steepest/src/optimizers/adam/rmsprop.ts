import { chain } from "../../core/chain.ts";
import { everything } from "../../define/definition.ts";
import { defineOptimizer } from "../../define/namedOptimizer.ts";
import { flag, nonNegative, pastWeight, rate } from "../../define/options.ts";
import { addDecayedWeights } from "../../transforms/addDecayedWeights.ts";
import { identity } from "../../transforms/identity.ts";
import { scaleByLearningRate } from "../../transforms/scaleByLearningRate.ts";
import { trace } from "../../transforms/trace.ts";
import { scaleByRms } from "./scaleByRms.ts";

/**
 * RMSprop, for every parameter: gradients divided by the root of their average square.
 *
 *   g = G + λW;   v ← αv + (1−α)g²;   d = g/(√v + eps);   B ← μB + d;   W ← W − ηB
 *
 * With `centered` v − (average of g)² in place of v. State mn, mn more with `centered` and with `momentum`.
 * Source: Hinton 2012, lecture 6e; semantics of torch.optim.RMSprop: eps outside the root, no bias
 * correction. With `epsInsideRoot` the divisor is √(v + eps).
 *
 * @example rmsprop({ learningRate: 1e-3, momentum: 0.9 })
 */
export const rmsprop = defineOptimizer({
  name: "rmsprop",
  family: "fisher",
  summary: "Gradients divided by the root of their average square.",
  formula: "g = G + λW;  v ← αv + (1−α)g²;  d = g / (√v + eps);  B ← μB + d;  W ← W − ηB",
  source: "Hinton 2012, lecture 6e",
  state: "mn (+mn centered, +mn with momentum)",
  geometry: "Diag(v)",
  computation: "O(mn)",
  when:
    "Recurrent networks and reinforcement learning, where it is customary; without momentum half of " +
    "Adam's state.",
  golden: ["rmsprop", "rmsprop_momentum_centered"],
  options: {
    learningRate: rate(1e-2, "learning rate η"),
    alpha: pastWeight(0.99, "weight of the past in the average of squares"),
    eps: nonNegative(1e-8, "added outside the root"),
    epsInsideRoot: flag(false, "add eps inside the root, as papers print it"),
    momentum: pastWeight(0, "momentum μ, on the divided gradient"),
    centered: flag(false, "divide by the standard deviation instead"),
    weightDecay: nonNegative(0, "weight decay λ, added to the gradient"),
  },
  recipe({ learningRate, momentum, weightDecay, ...average }, { schedule }) {
    const transform = chain(
      addDecayedWeights(weightDecay),
      scaleByRms(average),
      momentum === 0 ? identity() : trace(momentum),
      scaleByLearningRate(learningRate, schedule),
    );
    return [{ name: "rmsprop", takes: everything, transform }];
  },
});
