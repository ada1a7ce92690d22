import { openLoop } from "../../core/schedules/openLoop.ts";
import type { Schedule } from "../../core/schedules/schedule.ts";
import { defineMatrixOptimizer } from "../../define/defineMatrixOptimizer.ts";
import { choice, pastWeight, rate } from "../../define/options.ts";
import {
  ballDecay,
  methodPerRule,
  normChoice,
  normRules,
  unitRadii,
} from "../../define/recipes/normChoice.ts";
import { conditionalGradient } from "../../steps/conditionalGradient.ts";
import { unconstrainedConditionalGradient } from "../../steps/unconstrainedConditionalGradient.ts";

const source = "Pethick et al. 2025, arXiv:2502.07529";
const ball = {
  learningRate: rate(1e-3, "γ: the share of the ball's radius that a step moves"),
  ...normChoice(unitRadii),
};
const averaged = { ...ball, momentum: pastWeight(0.9, "μ; the paper's α is 1 − μ") };

export const ucg = defineMatrixOptimizer({
  name: "ucg",
  family: "norm-constrained",
  summary: "A step of fixed norm downhill, for full or large-batch gradients: no average, no state.",
  formula: "W ← (1−γλ)W + γρ·lmo(G)",
  source,
  state: "0",
  geometry: "any norm",
  computation: "O(mn) to O(m²n·T)",
  when: "Full or very large batches, in any norm.",
  options: { ...ball, weightDecay: ballDecay },
  recipe: (values, { schedule }) =>
    methodPerRule(normRules(values), (norm, radius) =>
      unconstrainedConditionalGradient(norm, { ...values, radius, schedule }),
    ),
});

export const uscg = defineMatrixOptimizer({
  name: "uscg",
  family: "norm-constrained",
  summary: "The unconstrained conditional gradient of any norm: momentum, then a step of norm γρ.",
  formula: "d ← μd + (1−μ)G;  W ← (1−γλ)W + γρ·lmo(d)",
  source: `${source}, Algorithm 1`,
  state: "mn (0 with momentum 0)",
  geometry: "any norm",
  computation: "O(mn) to O(m²n·T)",
  when: "To try a norm: the plainest method that trains, one state per weight. With decay it is constrained.",
  options: { ...averaged, weightDecay: ballDecay },
  recipe: (values, { schedule }) =>
    methodPerRule(normRules(values), (norm, radius) =>
      unconstrainedConditionalGradient(norm, { ...values, radius, schedule }),
    ),
});

/** The open-loop step is for learning rate 1; weights must start in the ball. */
export const cg = defineMatrixOptimizer({
  name: "cg",
  family: "norm-constrained",
  summary: "Frank-Wolfe in a norm ball, for full gradients: weights stay in the ball, no state.",
  formula: "W ← (1−γ)W + γρ·lmo(G)",
  source: `Frank & Wolfe 1956; ${source}`,
  state: "0",
  geometry: "any norm",
  computation: "O(mn) to O(m²n·T)",
  when: "Deterministic problems over a norm ball.",
  options: { ...ball, stepRule: choice("constant", ["constant", "openLoop"], "γ, or γ·2/(t+2)") },
  recipe: (values, { schedule }) => {
    const rule = values.stepRule === "openLoop" ? product(openLoop(), schedule) : schedule;
    return methodPerRule(normRules(values), (norm, radius) =>
      conditionalGradient(norm, { learningRate: values.learningRate, radius, schedule: rule }),
    );
  },
});

export const scg = defineMatrixOptimizer({
  name: "scg",
  family: "norm-constrained",
  summary: "Frank-Wolfe with momentum in a norm ball: uSCG with the weight decay that keeps ‖W‖ ≤ ρ.",
  formula: "d ← μd + (1−μ)G;  W ← (1−γ)W + γρ·lmo(d)",
  source: `${source}, Algorithm 2`,
  state: "mn (0 with momentum 0)",
  geometry: "any norm",
  computation: "O(mn) to O(m²n·T)",
  when: "To try a norm as a constraint on the weights.",
  options: averaged,
  recipe: (values, { schedule }) =>
    methodPerRule(normRules(values), (norm, radius) =>
      conditionalGradient(norm, { ...values, radius, schedule }),
    ),
});

function product(a: Schedule, b: Schedule | undefined): Schedule {
  return b === undefined ? a : (count) => a(count.ref).mul(b(count));
}
