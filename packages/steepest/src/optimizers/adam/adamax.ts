import { chain } from "../../core/chain.ts";
import { everything } from "../../define/definition.ts";
import { defineOptimizer } from "../../define/namedOptimizer.ts";
import { nonNegative, pastWeight, rate } from "../../define/options.ts";
import { addDecayedWeights } from "../../transforms/addDecayedWeights.ts";
import { scaleByLearningRate } from "../../transforms/scaleByLearningRate.ts";
import { momentOptions } from "./momentOptions.ts";
import { scaleByAdamax } from "./scaleByAdamax.ts";

/**
 * AdaMax, for every parameter: Adam with the p-norm of its second moment taken to p = ∞.
 *
 *   m ← b1·m + (1−b1)G;   u ← max(b2·u, |G| + eps)
 *   W ← (1−ηλ)W − η m̂/u,   m̂ = m/(1 − b1ᵗ)
 *
 * State 2mn. Source: Kingma & Ba 2014, arXiv:1412.6980, section 7.1. eps enters as in torch.optim.Adamax (the
 * paper has none); decay is decoupled, torch's is part of the gradient.
 *
 * @example adamax({ learningRate: 2e-3 })
 */
export const adamax = defineOptimizer({
  name: "adamax",
  family: "fisher",
  summary: "Adam with the largest recent gradient in place of the root mean square.",
  formula: "m ← b1·m + (1−b1)G;  u ← max(b2·u, |G| + eps);  W ← (1−ηλ)W − η m̂/u",
  source: "Kingma & Ba 2014, arXiv:1412.6980, section 7.1",
  state: "2mn",
  geometry: "Diag(v), largest",
  computation: "O(mn)",
  when: "Gradients with rare large entries: the scale is their recent maximum, and eps hardly matters.",
  golden: ["adamax"],
  options: {
    learningRate: rate(2e-3, "learning rate η"),
    ...momentOptions,
    b2: pastWeight(0.999, "what is left of the largest gradient after a step"),
    eps: nonNegative(1e-8, "added to |G|"),
    weightDecay: nonNegative(0, "weight decay λ, decoupled"),
  },
  recipe({ learningRate, b1, b2, eps, weightDecay }, { schedule }) {
    const transform = chain(
      scaleByAdamax(b1, b2, eps),
      addDecayedWeights(weightDecay),
      scaleByLearningRate(learningRate, schedule),
    );
    return [{ name: "adamax", takes: everything, transform }];
  },
});
