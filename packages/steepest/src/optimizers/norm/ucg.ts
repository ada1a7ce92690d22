import { defineMatrixOptimizer } from "../../define/defineMatrixOptimizer.ts";
import { rate } from "../../define/options.ts";
import {
  ballDecay,
  methodPerRule,
  normChoice,
  normRules,
  unitRadii,
} from "../../define/recipes/normChoice.ts";
import { unconstrainedConditionalGradient } from "../../steps/unconstrainedConditionalGradient.ts";

/**
 * uCG, the unconstrained conditional gradient, for every parameter in a norm of choice: a step of norm γρ
 * downhill.
 *
 *   W ← (1−γλ)W + γρ·lmo(G)
 *
 * No state. Source: Pethick et al. 2025, arXiv:2502.07529. `norm` names one norm for all weights; by default
 * every role has that of Scion.
 *
 * @example ucg({ learningRate: 0.02, norm: "spectral" })
 */
export const ucg = defineMatrixOptimizer({
  name: "ucg",
  family: "norm-constrained",
  summary: "A step of fixed norm downhill, for full or large-batch gradients: no average, no state.",
  formula: "W ← (1−γλ)W + γρ·lmo(G)",
  source: "Pethick et al. 2025, arXiv:2502.07529",
  state: "0",
  geometry: "any norm",
  computation: "O(mn) to O(m²n·T)",
  when: "Full or very large batches, in any norm.",
  options: {
    learningRate: rate(1e-3, "learning rate γ: the share of the ball's radius that a step moves"),
    weightDecay: ballDecay,
    ...normChoice(unitRadii, "model"),
  },
  recipe: (values, { schedule }) =>
    methodPerRule(normRules(values), (norm, radius) =>
      unconstrainedConditionalGradient(norm, { ...values, radius, schedule }),
    ),
});
