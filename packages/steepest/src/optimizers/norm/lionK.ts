import { defineMatrixOptimizer } from "../../define/defineMatrixOptimizer.ts";
import { methodPerRule, normChoice, normRules, unitRadii } from "../../define/recipes/normChoice.ts";
import { lionK } from "../../steps/lionK.ts";
import { lion } from "../gradient/lion.ts";

export const lion_k = defineMatrixOptimizer({
  name: "lion_k",
  family: "norm-constrained",
  summary: "Lion in any norm: look-ahead average, oracle, decay. Muon with Nesterov momentum is one of them.",
  formula: "c = b1·m + (1−b1)G;  W ← (1−ηλ)W + ηρ·lmo(c);  m ← b2·m + (1−b2)G",
  source: "Chen, Liu, Liang & Liu 2023, arXiv:2310.05898",
  state: "mn",
  options: { ...lion.options, ...normChoice(unitRadii) },
  recipe: (values, { schedule }) =>
    methodPerRule(normRules(values), (norm, radius) => lionK(norm, { ...values, radius, schedule })),
});
