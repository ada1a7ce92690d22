import { defineOptimizer } from "../../define/namedOptimizer.ts";
import { rows } from "../../norms/rows.ts";
import { normalizedSgdMethods, normalizedSgdOptions } from "./normalizedSgdMethods.ts";

/**
 * SGD with every row of the gradient, the weights of one output neuron, at unit length: the step of the
 * largest row length. Vectors move by unit length; embeddings [vocab, width] count as transposed.
 *
 *   W ← (1−ηλ)W − η S^(−1/2) G,   S = diag of the rows' sums of squares
 *
 * With `momentum` its average in place of G. State 0, mn with momentum. Source: uSCG in the norm maxᵢ‖Wᵢ‖,
 * Pethick et al. 2025, arXiv:2502.07529.
 *
 * @example rownormSgd({ learningRate: 1e-3 })
 */
export const rownormSgd = defineOptimizer({
  name: "rownorm_sgd",
  family: "norm-constrained",
  summary:
    "Every row of the gradient, the weights of one output neuron, at unit length: no state, no products.",
  formula: "W ← (1−ηλ)W − η S^(−1/2) G,  S = diag of the rows' sums of squares;  vectors at unit length",
  source: "uSCG in the norm max|row|; Pethick et al. 2025, arXiv:2502.07529",
  state: "0 (mn with momentum)",
  geometry: "row norms",
  computation: "O(mn)",
  when: "A stateless step in the norm of rows for all layers.",
  options: normalizedSgdOptions,
  recipe: (values, { schedule }) =>
    normalizedSgdMethods(
      "rownorm_sgd",
      (transpose) => rows({ measure: values.widthAware ? "rmsToMax" : "length", transpose }),
      values,
      schedule,
    ),
});
