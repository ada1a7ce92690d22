import { defineMatrixOptimizer } from "../../define/defineMatrixOptimizer.ts";
import { auxiliaryAdamW, auxiliaryOptions } from "../../define/recipes/auxiliary.ts";
import { stepMethod, stepOptions } from "../../define/recipes/muonRecipe.ts";
import { flattened } from "../../norms/flattened.ts";
import { rows } from "../../norms/rows.ts";
import { oracleStep } from "../../steps/oracleStep.ts";

/**
 * RMNP, for hidden weights [A, B]: rows of the momentum at unit length, the step of the largest row length.
 * AdamW for the rest.
 *
 *   M ← μM + G;   U = G + μM;   W ← (1−ηλ)W − η√max(1, A/B)·rows of U at unit length
 *
 * State mn for hidden weights. Source: Deng, Ouyang, Pang, Liu, Jin, Yu & Yang 2026, arXiv:2603.20527.
 * Defaults are those of their GPT-2 class; the LLaMA class has `momentumForm: "ema"` and rate 0.005. eps
 * 1e-12 is added to row lengths here, a floor there.
 *
 * @example rmnp({ learningRate: 0.02, auxiliaryLearningRate: 3e-3 })
 */
export const rmnp = defineMatrixOptimizer({
  name: "rmnp",
  family: "norm-constrained",
  summary:
    "Rows of the momentum at unit length: equal to Muon where the rows are orthogonal, at the cost of SGD.",
  formula: "M ← μM + G;  U = G + μM;  W ← (1−ηλ)W − η√max(1, A/B)·rows of U at unit length",
  source: "Deng, Ouyang, Pang, Liu, Jin, Yu & Yang 2026, arXiv:2603.20527; Dominator-Index/RMNP",
  state: "mn for hidden weights, 2mn for the rest",
  geometry: "row norms",
  computation: "O(mn)",
  when: "In Muon's place at the cost of SGD, where rows of the momentum are nearly orthogonal.",
  options: {
    ...stepOptions({
      learningRate: 0.02,
      nesterov: true,
      momentumForm: "sum",
      weightDecay: 0,
      scale: "shape",
    }),
    ...auxiliaryOptions({ learningRate: 3e-3, weightDecay: 0.1, eps: 1e-8 }),
  },
  recipe: (values, { schedule }) => [
    stepMethod("rmnp", oracleStep(flattened(rows({ measure: "length", eps: 1e-12 }))), values, schedule),
    auxiliaryAdamW(values, schedule),
  ],
});
