import { chain } from "../../core/chain.ts";
import { everything } from "../../define/definition.ts";
import { defineOptimizer } from "../../define/namedOptimizer.ts";
import { nonNegative, rate } from "../../define/options.ts";
import { addDecayedWeights } from "../../transforms/addDecayedWeights.ts";
import { scaleByLearningRate } from "../../transforms/scaleByLearningRate.ts";
import { momentOptions } from "./momentOptions.ts";
import { scaleByRadam } from "./scaleByRadam.ts";

/**
 * RAdam, for every parameter: Adam that takes momentum steps until its second moment rests on enough
 * gradients.
 *
 *   ρ∞ = 2/(1−b2) − 1;   ρ = ρ∞ − 2t·b2ᵗ/(1−b2ᵗ)
 *   ρ > 5:  W ← (1−ηλ)W − η m̂·√((ρ−4)(ρ−2)ρ∞/((ρ∞−4)(ρ∞−2)ρ))·√(1−b2ᵗ)/(√v + eps);   else W ← (1−ηλ)W − η m̂
 *
 * State 2mn. Source: Liu et al. 2019, arXiv:1908.03265; eps as in torch.optim.RAdam, decay decoupled.
 *
 * @example radam({ learningRate: 1e-3 })
 */
export const radam = defineOptimizer({
  name: "radam",
  family: "fisher",
  summary:
    "Adam with plain momentum steps until its second moment rests on enough gradients: a built-in " +
    "warm-up.",
  formula: "ρ = ρ∞ − 2t·b2^t/(1−b2^t);  W ← (1−ηλ)W − η m̂·(r(ρ)√(1−b2^t)/(√v + eps) if ρ > 5, else 1)",
  source: "Liu et al. 2019, arXiv:1908.03265",
  state: "2mn",
  geometry: "Diag(v)",
  computation: "O(mn)",
  when:
    "Training without a warm-up schedule. In the first steps, with momentum alone, the length of a step " +
    "grows with " +
    "the gradient.",
  golden: ["radam"],
  options: {
    learningRate: rate(1e-3, "learning rate η"),
    ...momentOptions,
    weightDecay: nonNegative(0, "weight decay λ, decoupled"),
  },
  recipe({ learningRate, b1, b2, eps, weightDecay }, { schedule }) {
    const transform = chain(
      scaleByRadam(b1, b2, eps),
      addDecayedWeights(weightDecay),
      scaleByLearningRate(learningRate, schedule),
    );
    return [{ name: "radam", takes: everything, transform }];
  },
});
