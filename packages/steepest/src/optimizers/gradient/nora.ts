import { defineMatrixOptimizer } from "../../define/defineMatrixOptimizer.ts";
import { positive } from "../../define/options.ts";
import { auxiliaryAdamW, auxiliaryOptions } from "../../define/recipes/auxiliary.ts";
import { stepMethod, stepOptions } from "../../define/recipes/muonRecipe.ts";
import { tangentRows } from "./tangentRows.ts";

/**
 * Nora, for hidden weights [A, B]: rows of the momentum made orthogonal to the rows of the weight and brought
 * to unit length. AdamW for the rest.
 *
 *   M ← μM + (1−μ)G;   dᵢ = mᵢ − (⟨mᵢ, wᵢ⟩/‖wᵢ‖²)wᵢ at unit length;   W ← (1−ηλ)W − η√max(1, A/B)·D
 *
 * State mn for hidden weights. Source: Yuan, Zou, Wang, Liu & Nie 2026, arXiv:2605.03769. Of its three
 * published versions this is the second; the current class has momentum 0.9, `rowEps: 1e-8`, rate 1e-3 and
 * `scale: "none"`, the first `nesterov`. The projection is at the weights before decay.
 *
 * @example nora({ learningRate: 5e-3 })
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
  when: "RMNP restricted to turning the rows of a weight, where row lengths should be left to weight decay.",
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
