import { chain } from "../../core/chain.ts";
import { everything } from "../../define/definition.ts";
import { defineOptimizer } from "../../define/namedOptimizer.ts";
import { nonNegative, rate } from "../../define/options.ts";
import { addDecayedWeights } from "../../transforms/addDecayedWeights.ts";
import { scaleByLearningRate } from "../../transforms/scaleByLearningRate.ts";
import { momentOptions } from "./momentOptions.ts";
import { scaleByNadam } from "./scaleByNadam.ts";

/**
 * NAdam, for every parameter: Adam with Nesterov momentum that warms up.
 *
 *   μₜ = b1(1 − 0.5·0.96^(tψ));   m ← b1·m + (1−b1)G;   v ← b2·v + (1−b2)G²
 *   W ← (1−ηλ)W − η (μₜ₊₁m/(1 − Π₁ᵗ⁺¹ μ) + (1−μₜ)G/(1 − Π₁ᵗ μ)) / (√v̂ + eps)
 *
 * State 2mn + 1. Source: Dozat 2016, ICLR workshop; constants of torch.optim.NAdam, but decay is decoupled by
 * default (torch's with `decoupled_weight_decay=True`).
 *
 * @example nadam({ learningRate: 2e-3 })
 */
export const nadam = defineOptimizer({
  name: "nadam",
  family: "fisher",
  summary: "Adam with Nesterov's look-ahead and a momentum that warms up.",
  formula:
    "μₜ = b1(1 − 0.5·0.96^(tψ));  " +
    "W ← (1−ηλ)W − η (μₜ₊₁m/(1−Πμ to t+1) + (1−μₜ)G/(1−Πμ to t)) / (√v̂ + eps)",
  source: "Dozat 2016, ICLR workshop; torch.optim.NAdam",
  state: "2mn + 1",
  geometry: "Diag(v)",
  computation: "O(mn)",
  when: "In Adam's place where Nesterov momentum helps, at the same cost.",
  golden: ["nadam"],
  options: {
    learningRate: rate(2e-3, "learning rate η"),
    ...momentOptions,
    weightDecay: nonNegative(0, "weight decay λ, decoupled"),
    momentumDecay: nonNegative(4e-3, "ψ: how fast the momentum reaches b1"),
  },
  recipe({ learningRate, b1, b2, eps, weightDecay, momentumDecay }, { schedule }) {
    const transform = chain(
      scaleByNadam(b1, b2, eps, momentumDecay),
      addDecayedWeights(weightDecay),
      scaleByLearningRate(learningRate, schedule),
    );
    return [{ name: "nadam", takes: everything, transform }];
  },
});
