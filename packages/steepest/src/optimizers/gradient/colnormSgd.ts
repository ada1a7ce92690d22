import { defineOptimizer } from "../../define/namedOptimizer.ts";
import { columns } from "../../norms/columns.ts";
import { normalizedSgdMethods, normalizedSgdOptions } from "./normalizedSgdMethods.ts";

/**
 * SGD with every column of the gradient, the weights of one input, at unit length: the step of the largest
 * column length. Vectors move by unit length; embeddings [vocab, width] count as transposed, so that every
 * token moves by unit length.
 *
 *   W ← (1−ηλ)W − η G S^(−1/2),   S = diag of the columns' sums of squares
 *
 * With `momentum` its average in place of G. State 0, mn with momentum. Source: uSCG in the norm maxⱼ‖Wⱼ‖,
 * Pethick et al. 2025, arXiv:2502.07529.
 *
 * @example colnormSgd({ learningRate: 1e-3 })
 */
export const colnormSgd = defineOptimizer({
  name: "colnorm_sgd",
  family: "norm-constrained",
  summary: "Every column of the gradient, the weights of one input, at unit length: no state, no products.",
  formula: "W ← (1−ηλ)W − η G S^(−1/2),  S = diag of the columns' sums of squares;  vectors at unit length",
  source: "uSCG in the norm max|column|; Pethick et al. 2025, arXiv:2502.07529",
  state: "0 (mn with momentum)",
  geometry: "column norms",
  computation: "O(mn)",
  when: "A stateless step in the norm of columns for all layers; it suits embeddings best.",
  options: normalizedSgdOptions,
  recipe: (values, { schedule }) =>
    normalizedSgdMethods(
      "colnorm_sgd",
      (transpose) => columns({ measure: values.widthAware ? "rms" : "length", transpose }),
      values,
      schedule,
    ),
});
