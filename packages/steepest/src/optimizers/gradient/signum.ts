import { chain } from "../../core/chain.ts";
import { everything } from "../../define/definition.ts";
import { defineOptimizer } from "../../define/namedOptimizer.ts";
import { flag, nonNegative, pastWeight, rate } from "../../define/options.ts";
import { addDecayedWeights } from "../../transforms/addDecayedWeights.ts";
import { ema } from "../../transforms/ema.ts";
import { emaCorrected } from "../../transforms/emaCorrected.ts";
import { scaleByLearningRate } from "../../transforms/scaleByLearningRate.ts";
import { sign } from "../../transforms/sign.ts";

/**
 * Signum, for every parameter: the sign of averaged gradients, the unconstrained conditional gradient of the
 * max norm.
 *
 *   M ← μM + (1−μ)G;   W ← (1−ηλ)W − η sign(M),   with `nesterov` the sign of (1−μ)G + μM
 *
 * State mn. Source: Bernstein et al. 2018, arXiv:1802.04434; Nesterov's form and decay are additions.
 *
 * @example signum({ learningRate: 1e-3, momentum: 0.9 })
 */
export const signum = defineOptimizer({
  name: "signum",
  family: "norm-constrained",
  summary: "The sign of averaged gradients: the unconstrained conditional gradient of the max norm.",
  formula: "M ← μM + (1−μ)G;  W ← (1−ηλ)W − η sign(M, or (1−μ)G + μM with nesterov)",
  source: "Bernstein et al. 2018, arXiv:1802.04434",
  state: "mn",
  geometry: "max norm",
  computation: "O(mn)",
  when: "Half of Adam's state with steps of the same size in every entry.",
  golden: ["signum", "signum_nesterov"],
  options: {
    learningRate: rate(1e-3, "learning rate η"),
    momentum: pastWeight(0.9, "momentum μ, the weight of the past"),
    nesterov: flag(false, "Nesterov's look-ahead"),
    biasCorrection: flag(
      false,
      "with nesterov: divide M by 1 − μ^(t+1) and G by 1 − μ^t before they are mixed",
    ),
    weightDecay: nonNegative(0, "weight decay λ, decoupled"),
  },
  recipe({ learningRate, momentum, nesterov, biasCorrection, weightDecay }, { schedule }) {
    const average = nesterov && biasCorrection ? emaCorrected(momentum) : ema(momentum, { nesterov });
    const transform = chain(
      average,
      sign(),
      addDecayedWeights(weightDecay),
      scaleByLearningRate(learningRate, schedule),
    );
    return [{ name: "signum", takes: everything, transform }];
  },
});
