import { defineMatrixOptimizer } from "../../define/defineMatrixOptimizer.ts";
import { pastWeight, rate } from "../../define/options.ts";
import {
  ballDecay,
  methodPerRule,
  normChoice,
  normRules,
  unitRadii,
} from "../../define/recipes/normChoice.ts";
import { unconstrainedConditionalGradient } from "../../steps/unconstrainedConditionalGradient.ts";

/**
 * uSCG, the unconstrained stochastic conditional gradient, for every parameter in a norm of choice: momentum,
 * then a step of norm γρ.
 *
 *   d ← μd + (1−μ)G;   W ← (1−γλ)W + γρ·lmo(d)
 *
 * State mn, 0 with momentum 0. Source: Pethick et al. 2025, arXiv:2502.07529, Algorithm 1, whose α is 1 − μ.
 * `norm` names one norm for all weights; by default every role has that of Scion.
 *
 * @example uscg({ learningRate: 0.02, norm: "spectral" })
 */
export const uscg = defineMatrixOptimizer({
  name: "uscg",
  family: "norm-constrained",
  summary: "The unconstrained conditional gradient of any norm: momentum, then a step of norm γρ.",
  formula: "d ← μd + (1−μ)G;  W ← (1−γλ)W + γρ·lmo(d)",
  source: "Pethick et al. 2025, arXiv:2502.07529, Algorithm 1",
  state: "mn (0 with momentum 0)",
  geometry: "any norm",
  computation: "O(mn) to O(m²n·T)",
  when:
    "To try a norm: the simplest method that trains, with one float of state per weight. With decay λ " +
    "the weights stay in the ball of radius ρ/λ.",
  options: {
    learningRate: rate(1e-3, "learning rate γ: the share of the ball's radius that a step moves"),
    momentum: pastWeight(0.9, "momentum μ, the weight of the past; the paper's α is 1 − μ"),
    weightDecay: ballDecay,
    ...normChoice(unitRadii, "model"),
  },
  recipe: (values, { schedule }) =>
    methodPerRule(normRules(values), (norm, radius) =>
      unconstrainedConditionalGradient(norm, { ...values, radius, schedule }),
    ),
});
