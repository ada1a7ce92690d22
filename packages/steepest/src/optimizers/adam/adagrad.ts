import { numpy as np } from "@jax-js/jax";

import { chain } from "../../core/chain.ts";
import type { Rate } from "../../core/schedules/schedule.ts";
import { everything } from "../../define/definition.ts";
import { defineOptimizer } from "../../define/namedOptimizer.ts";
import { flag, nonNegative, rate } from "../../define/options.ts";
import { addDecayedWeights } from "../../transforms/addDecayedWeights.ts";
import { scaleByLearningRate } from "../../transforms/scaleByLearningRate.ts";
import { scaleByAdagrad } from "./scaleByAdagrad.ts";

/**
 * AdaGrad, for every parameter: gradients divided by the root of the sum of all their squares.
 *
 *   g = G + λW;   v ← v + g²;   W ← W − η/(1 + (t−1)·decay) · g/(√v + eps)
 *
 * State mn. Source: Duchi, Hazan & Singer 2011, JMLR 12; semantics of torch.optim.Adagrad; with
 * `epsInsideRoot` the divisor is √(v + eps).
 *
 * @example adagrad({ learningRate: 1e-2 })
 */
export const adagrad = defineOptimizer({
  name: "adagrad",
  family: "fisher",
  summary: "Gradients divided by the root of the sum of all their squares: steps shrink as 1/√t.",
  formula: "g = G + λW;  v ← v + g²;  W ← W − η / (1 + (t−1)·decay) · g / (√v + eps)",
  source: "Duchi, Hazan & Singer 2011, JMLR 12",
  state: "mn",
  geometry: "Diag(v), summed",
  computation: "O(mn)",
  when: "Convex problems and sparse gradients. Steps shrink as 1/√t by themselves, too fast for long training.",
  golden: ["adagrad"],
  options: {
    learningRate: rate(1e-2, "learning rate η"),
    learningRateDecay: nonNegative(0, "decay of η, per step"),
    initialAccumulator: nonNegative(0, "v before the first step"),
    eps: nonNegative(1e-10, "added outside the root"),
    epsInsideRoot: flag(false, "add eps inside the root, as papers print it"),
    weightDecay: nonNegative(0, "weight decay λ, added to the gradient"),
  },
  recipe({ learningRate, learningRateDecay, weightDecay, ...square }, { schedule }) {
    const transform = chain(
      addDecayedWeights(weightDecay),
      scaleByAdagrad(square),
      scaleByLearningRate(decayed(learningRate, learningRateDecay), schedule),
    );
    return [{ name: "adagrad", takes: everything, transform }];
  },
});

/** η / (1 + t·decay), t from 0. */
function decayed(learningRate: Rate, decay: number): Rate {
  if (decay === 0) return learningRate;
  return (count) => {
    const base = typeof learningRate === "number" ? learningRate : learningRate(count.ref);
    return np.reciprocal(count.mul(decay).add(1)).mul(base);
  };
}
