import { defineMatrixOptimizer } from "../../define/defineMatrixOptimizer.ts";
import { positive } from "../../define/options.ts";
import { auxiliaryAdamW, auxiliaryOptions } from "../../define/recipes/auxiliary.ts";
import { stepMethod, stepOptions } from "../../define/recipes/muonRecipe.ts";
import { flattened } from "../../norms/flattened.ts";
import { rows } from "../../norms/rows.ts";
import { oracleStep } from "../../steps/oracleStep.ts";
import { tangentRows } from "./tangentRows.ts";

/** Defaults of the GPT-2 class; the LLaMA one is momentumForm "ema" with rate 0.005. eps 1e-12 is added, there a floor. */
export const rmnp = defineMatrixOptimizer({
  name: "rmnp",
  family: "norm-constrained",
  summary: "Rows of the momentum at unit length: Muon for rows that are orthogonal, at the price of SGD.",
  formula: "M ← μM + G;  U = G + μM;  W ← (1−ηλ)W − η√max(1, A/B)·rows of U at unit length",
  source: "Deng, Ouyang, Pang, Liu, Jin, Yu & Yang 2026, arXiv:2603.20527; Dominator-Index/RMNP",
  state: "mn for hidden weights, 2mn for the rest",
  geometry: "row norms",
  computation: "O(mn)",
  when: "Muon's place at SGD's price, where rows of the momentum are nearly orthogonal.",
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

/**
 * The second of the three published versions; the current class is momentum 0.9, rowEps 1e-8, rate 1e-3 and scale
 * "none", the first one momentumForm "ema" with nesterov. The projection is at the weights before decay.
 */
export const nora = defineMatrixOptimizer({
  name: "nora",
  family: "norm-constrained",
  summary: "Rows of the momentum made orthogonal to their weights and brought to unit length.",
  formula: "M ← μM + (1−μ)G;  rows mᵢ − (⟨mᵢ,wᵢ⟩/‖wᵢ‖²)wᵢ at unit length: D;  W ← (1−ηλ)W − η√max(1, A/B)·D",
  source: "Yuan, Zou, Wang, Liu & Nie 2026, arXiv:2605.03769; Yuan-Jinghui/nora-opt",
  state: "mn for hidden weights, 2mn for the rest",
  geometry: "row norms, orthogonal to the weight",
  computation: "O(mn)",
  when: "RMNP that only turns the rows of a weight.",
  options: {
    ...stepOptions({
      learningRate: 5e-3,
      nesterov: false,
      momentumForm: "ema",
      weightDecay: 0,
      scale: "shape",
    }),
    rowEps: positive(1e-10, "floor of row lengths and of ‖wᵢ‖²"),
    ...auxiliaryOptions({ learningRate: 1e-3, weightDecay: "same", eps: 1e-8 }),
  },
  recipe: (values, { schedule }) => [
    stepMethod("nora", tangentRows({ eps: values.rowEps }), values, schedule),
    auxiliaryAdamW(values, schedule),
  ],
});
