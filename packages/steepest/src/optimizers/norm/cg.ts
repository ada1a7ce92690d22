import { openLoop } from "../../core/schedules/openLoop.ts";
import type { Schedule } from "../../core/schedules/schedule.ts";
import { defineMatrixOptimizer } from "../../define/defineMatrixOptimizer.ts";
import { choice, rate } from "../../define/options.ts";
import { methodPerRule, normChoice, normRules, scionRadii } from "../../define/recipes/normChoice.ts";
import { conditionalGradient } from "../../steps/conditionalGradient.ts";

/**
 * CG, Frank-Wolfe, for every parameter in the ball of a norm of choice: weights that start in the ball stay
 * there.
 *
 *   W ← (1−γ)W + γρ·lmo(G)
 *
 * No state. Source: Frank & Wolfe 1956; Pethick et al. 2025, arXiv:2502.07529. The open-loop step γ·2/(t+2)
 * is for learning rate 1. `norm` names one norm for all weights; by default every role has that of Scion.
 *
 * @example cg({ learningRate: 1, stepRule: "openLoop", norm: "frobenius", radius: 10 })
 */
export const cg = defineMatrixOptimizer({
  name: "cg",
  family: "norm-constrained",
  summary: "Frank-Wolfe in a norm ball, for full gradients: weights stay in the ball, no state.",
  formula: "W ← (1−γ)W + γρ·lmo(G)",
  source: "Frank & Wolfe 1956; Pethick et al. 2025, arXiv:2502.07529",
  state: "0",
  geometry: "any norm",
  computation: "O(mn) to O(m²n·T)",
  when: "Deterministic problems over a norm ball.",
  options: {
    learningRate: rate(1e-3, "learning rate γ: the share of the ball's radius that a step moves"),
    stepRule: choice("constant", ["constant", "openLoop"], "the step: γ, or γ·2/(t+2)"),
    ...normChoice(scionRadii),
  },
  recipe: (values, { schedule }) => {
    const rule = values.stepRule === "openLoop" ? product(openLoop(), schedule) : schedule;
    return methodPerRule(normRules(values), (norm, radius) =>
      conditionalGradient(norm, { learningRate: values.learningRate, radius, schedule: rule }),
    );
  },
});

function product(a: Schedule, b: Schedule | undefined): Schedule {
  return b === undefined ? a : (count) => a(count.ref).mul(b(count));
}
