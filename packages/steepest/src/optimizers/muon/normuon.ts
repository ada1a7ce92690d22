import { chain } from "../../core/chain.ts";
import { defineMatrixOptimizer } from "../../define/defineMatrixOptimizer.ts";
import { choice, nonNegative, pastWeight } from "../../define/options.ts";
import { auxiliaryAdamW, auxiliaryOptions } from "../../define/recipes/auxiliary.ts";
import { muonOptions, orthogonalizeBy, stepMethod } from "../../define/recipes/muonRecipe.ts";
import { type BalancedSlices, balanceRows } from "./balanceRows.ts";

/**
 * NorMuon, for hidden weights and convolutions, seen as [dOut, rest]: Muon whose rows are balanced by a
 * running mean of their squares.
 *
 *   O = NewtonSchulz(look-ahead);   v ← βv + (1−β)·mean of O² over columns;   Ô = O/(√v + ε)
 *   W ← (1−ηλ)W − η·√max(1, dOut/dIn)·Ô·‖O‖_F/‖Ô‖_F
 *
 * AdamW for the rest. State mn + m. Source: Li, Liu, Liang, Chen & Zhao 2025, arXiv:2510.05491; defaults of
 * zichongli5/NorMuon. The paper brings Ô to a root mean square of 0.2 instead (`rescaling: "rms"`); NVIDIA
 * balances slices across the longer side (`slices: "longSide", guard: "floor"`).
 *
 * @example normuon({ learningRate: 0.02 })
 */
export const normuon = defineMatrixOptimizer({
  name: "normuon",
  family: "norm-constrained",
  summary: "Muon whose rows are balanced by a running mean of their squares, at m floats of state.",
  formula:
    "O ≈ polar of the look-ahead;  v ← βv + (1−β) mean(O² over columns);  Ô = O/(√v + ε)·‖O‖_F/‖·‖_F, or at RMS 0.2;  W ← (1−ηλ)W − η·scale·Ô",
  source: "Li, Liu, Liang, Chen & Zhao 2025, arXiv:2510.05491; zichongli5/NorMuon",
  state: "mn + m for hidden weights, 2mn for the rest",
  geometry: "spectral norm, rows balanced",
  computation: "O(m²n·T)",
  when: "Muon whose rows are too unequal: m floats more and hardly any time.",
  golden: ["normuon", "normuon_dion", "normuon_nvidia"],
  options: {
    ...muonOptions({
      nesterov: true,
      momentumForm: "ema",
      scale: "shape",
      learningRate: 0.02,
      weightDecay: 0,
      normalization: "keller",
    }),
    rowB2: pastWeight(0.95, "β: weight of the past in the averages of squares"),
    slices: choice<BalancedSlices>(
      "rows",
      ["rows", "longSide"],
      "whose squares: rows, or NVIDIA's choice by shape",
    ),
    guard: choice("add", ["add", "floor"], "rowEps beside the root, or a floor of the average"),
    rowEps: nonNegative(1e-10, "ε, what guard adds, or its floor"),
    rescaling: choice(
      "norm",
      ["norm", "rms"],
      "Ô at the Frobenius norm of O, times scale, or as the paper has it at RMS 0.2, without scale",
    ),
    ...auxiliaryOptions({ learningRate: 3e-4, weightDecay: "same", eps: 1e-10 }),
  },
  recipe(values, { schedule }) {
    const { rowB2, slices, guard, rowEps, rescaling } = values;
    const [rms, own] =
      rescaling === "rms" ? [{ rms: 0.2 }, { ...values, scale: "none" as const }] : [{}, values];
    const balance = balanceRows({ beta: rowB2, slices, guard, eps: rowEps, ...rms });
    return [
      stepMethod("normuon", chain(orthogonalizeBy(values), balance), own, schedule),
      auxiliaryAdamW(values, schedule),
    ];
  },
});
