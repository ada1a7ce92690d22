import { defineMatrixOptimizer } from "../../define/defineMatrixOptimizer.ts";
import { pastWeight, rate } from "../../define/options.ts";
import {
  ballDecay,
  methodPerRule,
  normChoice,
  normRules,
  unitRadii,
} from "../../define/recipes/normChoice.ts";
import { averagedOracle } from "../../steps/averagedOracle.ts";

/**
 * ALMOND, for every parameter in a norm of choice: averages the oracle's answers instead of the gradients.
 *
 *   d ← μd + (1−μ)ρ·lmo(G);   W ← (1−γλ)W + γd
 *
 * State mn, 0 with momentum 0. Source: Pethick et al. 2025, arXiv:2502.07529, Algorithm 4.
 *
 * @example almond({ learningRate: 1e-3, norm: "spectral" })
 */
export const almond = defineMatrixOptimizer({
  name: "almond",
  family: "norm-constrained",
  summary: "Averages the oracle's answers instead of the gradients; uSCG is the better method.",
  formula: "d ← μd + (1−μ)ρ·lmo(G);  W ← (1−γλ)W + γd",
  source: "Pethick et al. 2025, arXiv:2502.07529, Algorithm 4",
  state: "mn (0 with momentum 0)",
  geometry: "any norm",
  computation: "O(mn) to O(m²n·T)",
  when: "For comparison only: averaging the oracle's answers loses against averaging gradients (`uscg`).",
  options: {
    learningRate: rate(1e-3, "learning rate γ"),
    momentum: pastWeight(0.9, "momentum μ, the weight of the past; the paper's α is 1 − μ"),
    weightDecay: ballDecay,
    ...normChoice(unitRadii, "model"),
  },
  recipe: (values, { schedule }) =>
    methodPerRule(normRules(values), (norm, radius) => averagedOracle(norm, { ...values, radius, schedule })),
});
