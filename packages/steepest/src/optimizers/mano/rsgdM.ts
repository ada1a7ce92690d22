import { chain } from "../../core/chain.ts";
import { hiddenWeights } from "../../define/definition.ts";
import { defineOptimizer } from "../../define/namedOptimizer.ts";
import { nonNegative, pastWeight, rate } from "../../define/options.ts";
import { auxiliaryAdamW, auxiliaryOptions } from "../../define/recipes/auxiliary.ts";
import { createManifold } from "../../manifolds/named.ts";
import { addDecayedWeights } from "../../transforms/addDecayedWeights.ts";
import { moveOn, tangentAt } from "../../transforms/riemannian.ts";
import { scaleByLearningRate } from "../../transforms/scaleByLearningRate.ts";
import { trace } from "../../transforms/trace.ts";
import { manifoldOptions } from "./manifoldOptions.ts";

/**
 * Riemannian SGD with momentum, for hidden weights and convolutions, seen as [dOut, rest]: the average is
 * kept in the ambient space.
 *
 *   M ← μM + G;   v = tangent part of M at W;   W ← N((1−ηλ)W − ηv),   N the nearest point of the manifold
 *
 * AdamW for the rest. State mn. Source: Bonnabel 2013, IEEE TAC 58(9). The rule is that of NVIDIA's
 * Emerging-Optimizers, riemannian_optimizers (ObliqueSGD), the best account of the baseline in the paper of
 * Mano, which does not print it.
 *
 * @example rsgdM({ learningRate: 1e-3, manifold: "oblique" })
 */
export const rsgdM = defineOptimizer({
  name: "rsgd_m",
  family: "manifold",
  summary: "Riemannian SGD with momentum that is summed in the ambient space: the baseline Mano improves on.",
  formula: "M ← μM + G;  v = tangent part of M at W;  W ← N((1−ηλ)W − ηv)",
  source: "NVIDIA Emerging-Optimizers, riemannian_optimizers; Bonnabel 2013",
  state: "mn for hidden weights, 2mn for the rest",
  geometry: "any manifold, of the weight",
  computation: "O(mn), O(m²n·T) on Stiefel",
  when: "As a baseline: the paper of Mano reports that it does not converge on a language model.",
  options: {
    learningRate: rate(1e-3, "learning rate η"),
    momentum: pastWeight(0.9, "momentum μ of M ← μM + G"),
    ...manifoldOptions,
    weightDecay: nonNegative(0, "weight decay λ, decoupled; undone by the retraction but for a longer angle"),
    ...auxiliaryOptions({ learningRate: 3e-4, weightDecay: 0, eps: 1e-8 }),
  },
  recipe(options, { schedule }) {
    const manifold = createManifold(options.manifold, options);
    const transform = chain(
      trace(options.momentum),
      tangentAt(manifold),
      addDecayedWeights(options.weightDecay),
      scaleByLearningRate(options.learningRate, schedule),
      moveOn(manifold),
    );
    return [{ name: "rsgd_m", takes: hiddenWeights, transform }, auxiliaryAdamW(options, schedule)];
  },
});
