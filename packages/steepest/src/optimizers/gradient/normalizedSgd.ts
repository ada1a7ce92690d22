import type { Schedule } from "../../core/schedules/schedule.ts";
import { everything, type Method } from "../../define/definition.ts";
import { defineOptimizer } from "../../define/namedOptimizer.ts";
import { flag, nonNegative, pastWeight, rate, type ValuesOf } from "../../define/options.ts";
import { biasRms } from "../../norms/biasRms.ts";
import { columns } from "../../norms/columns.ts";
import { flattened } from "../../norms/flattened.ts";
import { euclidean } from "../../norms/frobenius.ts";
import type { Norm } from "../../norms/norm.ts";
import { rows } from "../../norms/rows.ts";
import { unconstrainedConditionalGradient } from "../../steps/unconstrainedConditionalGradient.ts";

const options = {
  learningRate: rate(1e-3, "η"),
  momentum: pastWeight(0, "μ"),
  weightDecay: nonNegative(0, "λ, decoupled"),
  widthAware: flag(false, "Scion's factors: √dOut per column, 1/√dIn per row, √d for vectors"),
};

/** A norm for matrices, embeddings stored [vocab, width], and vectors. */
function methods(
  name: string,
  norm: (transpose: boolean) => Norm,
  values: ValuesOf<typeof options>,
  schedule: Schedule | undefined,
): readonly Method[] {
  const method = (suffix: string, ball: Norm, takes: Method["takes"]): Method => ({
    name: `${name}${suffix}`,
    takes,
    transform: unconstrainedConditionalGradient(ball, { ...values, schedule }),
  });
  const vector = values.widthAware ? biasRms() : euclidean({ eps: 1e-8 });
  return [
    method("_embedding", norm(true), ({ role }) => role === "embedding"),
    method("", flattened(norm(false)), ({ shape }) => shape.length >= 2),
    method("_vector", vector, everything),
  ];
}

export const colnormSgd = defineOptimizer({
  name: "colnorm_sgd",
  family: "norm-constrained",
  summary: "Every column of the gradient, the weights of one input, at unit length: no state, no products.",
  formula: "W ← (1−ηλ)W − η G S^(−1/2),  S = diag of the columns' sums of squares;  vectors at unit length",
  source: "as uSCG in the norm max|column|; Pethick et al. 2025, arXiv:2502.07529",
  state: "0 (mn with momentum)",
  geometry: "column norms",
  computation: "O(mn)",
  when: "The oracle of column norms without state, for all layers: embeddings above all.",
  options,
  recipe: (values, { schedule }) =>
    methods(
      "colnorm_sgd",
      (transpose) => columns({ measure: values.widthAware ? "rms" : "length", transpose }),
      values,
      schedule,
    ),
});

export const rownormSgd = defineOptimizer({
  name: "rownorm_sgd",
  family: "norm-constrained",
  summary:
    "Every row of the gradient, the weights of one output neuron, at unit length: no state, no products.",
  formula: "W ← (1−ηλ)W − η S^(−1/2) G,  S = diag of the rows' sums of squares;  vectors at unit length",
  source: "as uSCG in the norm max|row|; Pethick et al. 2025, arXiv:2502.07529",
  state: "0 (mn with momentum)",
  geometry: "row norms",
  computation: "O(mn)",
  when: "The oracle of row norms without state, for all layers.",
  options,
  recipe: (values, { schedule }) =>
    methods(
      "rownorm_sgd",
      (transpose) => rows({ measure: values.widthAware ? "rmsToMax" : "length", transpose }),
      values,
      schedule,
    ),
});
