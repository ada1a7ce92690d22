import { defineMatrixOptimizer } from "../../define/defineMatrixOptimizer.ts";
import { methodPerRule, normChoice, normRules, unitRadii } from "../../define/recipes/normChoice.ts";
import { lionK as lionKStep } from "../../steps/lionK.ts";
import { lion } from "../gradient/lion.ts";

/**
 * Lion-K, for every parameter: Lion's look-ahead average with the oracle of a norm of choice in place of the
 * sign.
 *
 *   c = b1·m + (1−b1)G;   W ← (1−ηλ)W + ηρ·lmo(c);   m ← b2·m + (1−b2)G
 *
 * State mn. Source: Chen, Liu, Liang & Liu 2023, arXiv:2310.05898. With b1 = μ², b2 = μ and the spectral norm
 * it is Muon with Nesterov momentum.
 *
 * @example lionK({ learningRate: 1e-3, norm: "spectral" })
 */
export const lionK = defineMatrixOptimizer({
  name: "lion_k",
  family: "norm-constrained",
  summary:
    "Lion in any norm: look-ahead average, oracle, decay. Muon with Nesterov momentum is a special case.",
  formula: "c = b1·m + (1−b1)G;  W ← (1−ηλ)W + ηρ·lmo(c);  m ← b2·m + (1−b2)G",
  source: "Chen, Liu, Liang & Liu 2023, arXiv:2310.05898",
  state: "mn",
  geometry: "any norm",
  computation: "O(mn) to O(m²n·T)",
  when: "Lion's look-ahead average in a norm other than the max norm.",
  options: { ...lion.definition.options, ...normChoice(unitRadii, "model") },
  recipe: (values, { schedule }) =>
    methodPerRule(normRules(values), (norm, radius) => lionKStep(norm, { ...values, radius, schedule })),
});
