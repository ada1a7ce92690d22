import { defineMatrixOptimizer } from "../../define/defineMatrixOptimizer.ts";
import { pastWeight, rate } from "../../define/options.ts";
import { methodPerRule, normChoice, normRules, scionRadii } from "../../define/recipes/normChoice.ts";
import { conditionalGradient } from "../../steps/conditionalGradient.ts";

/**
 * SCG, Frank-Wolfe with momentum, for every parameter in the ball of a norm of choice: uSCG with λ = 1, which
 * keeps ‖W‖ ≤ ρ.
 *
 *   d ← μd + (1−μ)G;   W ← (1−γ)W + γρ·lmo(d)
 *
 * State mn, 0 with momentum 0. Source: Pethick et al. 2025, arXiv:2502.07529, Algorithm 2, whose α is 1 − μ.
 * `norm` names one norm for all weights; by default every role has that of Scion.
 *
 * @example scg({ learningRate: 1e-3, norm: "spectral", radius: 50 })
 */
export const scg = defineMatrixOptimizer({
  name: "scg",
  family: "norm-constrained",
  summary: "Frank-Wolfe with momentum in a norm ball: uSCG with the weight decay that keeps ‖W‖ ≤ ρ.",
  formula: "d ← μd + (1−μ)G;  W ← (1−γ)W + γρ·lmo(d)",
  source: "Pethick et al. 2025, arXiv:2502.07529, Algorithm 2",
  state: "mn (0 with momentum 0)",
  geometry: "any norm",
  computation: "O(mn) to O(m²n·T)",
  when: "To constrain the weights to the ball of a norm.",
  options: {
    learningRate: rate(1e-3, "learning rate γ: the share of the ball's radius that a step moves"),
    momentum: pastWeight(0.9, "momentum μ, the weight of the past; the paper's α is 1 − μ"),
    ...normChoice(scionRadii),
  },
  recipe: (values, { schedule }) =>
    methodPerRule(normRules(values), (norm, radius) =>
      conditionalGradient(norm, { ...values, radius, schedule }),
    ),
});
