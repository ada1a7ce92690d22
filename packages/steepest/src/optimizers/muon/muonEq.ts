import { chain } from "../../core/chain.ts";
import { defineMatrixOptimizer } from "../../define/defineMatrixOptimizer.ts";
import { auxiliaryAdamW, auxiliaryOptions } from "../../define/recipes/auxiliary.ts";
import { muonOptions, orthogonalizeBy, stepMethod } from "../../define/recipes/muonRecipe.ts";
import { flattened } from "../../norms/flattened.ts";
import { rows } from "../../norms/rows.ts";
import { oracleStep } from "../../steps/oracleStep.ts";

/**
 * MuonEq, for hidden weights and convolutions, seen as [dOut, rest]: Muon of the momentum with rows at unit
 * length.
 *
 *   M ← μM + (1−μ)G;   O = NewtonSchulz(rows of the look-ahead at unit length)
 *   W ← (1−ηλ)W − η·√max(1, dOut/dIn)·O
 *
 * AdamW for the rest. State mn. Source: MuonEq 2026, arXiv:2603.28254.
 *
 * @example muonEq({ learningRate: 0.02 })
 */
export const muonEq = defineMatrixOptimizer({
  name: "muon_eq",
  family: "norm-constrained",
  summary:
    "Muon of the momentum with rows at unit length: every neuron counts the same before the polar factor.",
  formula: "M ← μM + (1−μ)G;  O ≈ polar(rows of the look-ahead at unit length);  W ← (1−ηλ)W − η·scale·O",
  source: "MuonEq 2026, arXiv:2603.28254",
  state: "mn for hidden weights, 2mn for the rest",
  geometry: "rows, then spectral norm",
  computation: "O(m²n·T)",
  when: "Networks in which few neurons dominate the momentum.",
  options: {
    ...muonOptions({
      nesterov: true,
      momentumForm: "ema",
      scale: "shape",
      learningRate: 0.02,
      weightDecay: 0,
    }),
    ...auxiliaryOptions({ learningRate: 3e-4, weightDecay: "same", eps: 1e-10 }),
  },
  recipe(values, { schedule }) {
    const unitRows = oracleStep(flattened(rows({ measure: "length", eps: 0 })));
    return [
      stepMethod("muon_eq", chain(unitRows, orthogonalizeBy(values)), values, schedule),
      auxiliaryAdamW(values, schedule),
    ];
  },
});
