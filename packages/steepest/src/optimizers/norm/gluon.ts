import { chain } from "../../core/chain.ts";
import { defineMatrixOptimizer } from "../../define/defineMatrixOptimizer.ts";
import { nonNegative, pastWeight, rate } from "../../define/options.ts";
import { methodPerRule, normChoice, normRules, unitRadii } from "../../define/recipes/normChoice.ts";
import { momentumEstimate } from "../../steps/momentum.ts";
import { smoothnessStep } from "../../steps/smoothnessStep.ts";
import { addDecayedWeights } from "../../transforms/addDecayedWeights.ts";
import { scaleByLearningRate } from "../../transforms/scaleByLearningRate.ts";

/**
 * Gluon, for every parameter in a norm of choice: steps as long as each layer's (L0, L1)-smoothness allows.
 *
 *   d ← μd + (1−μ)G;   t = ‖d‖_* / (L0 + L1‖d‖_*);   W ← (1−γλ)W + γtρ·lmo(d),   ‖·‖_* of norm/ρ
 *
 * State mn, 0 with momentum 0. Source: Riabinin, Shulgin, Gruntkowska & Richtárik 2025, arXiv:2505.13416.
 * Layers get constants of their own by `groups`; `estimateSmoothness` measures them.
 *
 * @example gluon({ learningRate: 1, groups: [{ match: "head", l0: 0.1, l1: 3 }] })
 */
export const gluon = defineMatrixOptimizer({
  name: "gluon",
  family: "norm-constrained",
  summary: "Layer-wise steps as long as each layer's own (L0, L1)-smoothness allows.",
  formula: "d ← μd + (1−μ)G;  t = ‖d‖_*/(L0 + L1‖d‖_*);  W ← (1−γλ)W + γtρ·lmo(d),  ‖·‖_* of norm/ρ",
  source: "Riabinin, Shulgin, Gruntkowska & Richtárik 2025, arXiv:2505.13416",
  state: "mn (0 with momentum 0)",
  geometry: "any norm",
  computation: "O(mn) to O(m²n·T)",
  when: "Where the smoothness of every layer is known; `estimateSmoothness` measures it along a run.",
  options: {
    learningRate: rate(1e-2, "learning rate γ: multiplies t; 1 in theory"),
    momentum: pastWeight(0.9, "momentum μ, the weight of the past"),
    l0: nonNegative(1, "L0 of the layer, in its norm"),
    l1: nonNegative(1, "L1 of the layer, in its norm"),
    weightDecay: nonNegative(0, "weight decay λ, decoupled"),
    ...normChoice(unitRadii, "model"),
  },
  recipe: (values, { schedule }) =>
    methodPerRule(normRules(values), (norm, radius) =>
      chain(
        momentumEstimate(values.momentum),
        smoothnessStep(norm, radius, values),
        addDecayedWeights(values.weightDecay),
        scaleByLearningRate(values.learningRate, schedule),
      ),
    ),
});
