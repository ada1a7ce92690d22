import { defineMatrixOptimizer } from "../../define/defineMatrixOptimizer.ts";
import { methodPerRule, normChoice, normRules, unitRadii } from "../../define/recipes/normChoice.ts";
import { lionK as lionKStep } from "../../steps/lionK.ts";
import { lion } from "../gradient/lion.ts";

export const lionK = defineMatrixOptimizer({
  name: "lion_k",
  family: "norm-constrained",
  summary: "Lion in any norm: look-ahead average, oracle, decay. Muon with Nesterov momentum is one of them.",
  formula: "c = b1·m + (1−b1)G;  W ← (1−ηλ)W + ηρ·lmo(c);  m ← b2·m + (1−b2)G",
  source: "Chen, Liu, Liang & Liu 2023, arXiv:2310.05898",
  state: "mn",
  geometry: "any norm",
  computation: "O(mn) to O(m²n·T)",
  when: "Lion's look-ahead in another norm.",
  options: { ...lion.definition.options, ...normChoice(unitRadii) },
  recipe: (values, { schedule }) =>
    methodPerRule(normRules(values), (norm, radius) => lionKStep(norm, { ...values, radius, schedule })),
});
