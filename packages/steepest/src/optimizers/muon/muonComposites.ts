import { chain } from "../../core/chain.ts";
import { defineMatrixOptimizer } from "../../define/defineMatrixOptimizer.ts";
import { choice, flag, nonNegative, pastWeight } from "../../define/options.ts";
import { auxiliaryAdamW, auxiliaryOptions } from "../../define/recipes/auxiliary.ts";
import { muonOptions, orthogonalizeBy, stepMethod } from "../../define/recipes/muonRecipe.ts";
import { flattened } from "../../norms/flattened.ts";
import { rows } from "../../norms/rows.ts";
import { oracleStep } from "../../steps/oracleStep.ts";
import { nuclearScaled } from "../../transforms/nuclearScaled.ts";
import { type BalancedSlices, balanceRows } from "./balanceRows.ts";
import { normalizeSlices, type Slices, slicesChoices } from "./normalizeSlices.ts";

const same = { learningRate: "same", weightDecay: "same", eps: 1e-8 } as const;
const keller = { nesterov: true, momentumForm: "ema", scale: "shape" } as const;

/** Where the paper is silent: nuclearScaling takes ⟨O, U⟩ of the O that comes out of the slices. */
export const muonPlus = defineMatrixOptimizer({
  name: "muon_plus",
  family: "norm-constrained",
  summary: "Muon whose orthogonalised rows or columns are normalised once more.",
  formula:
    "M ← μM + G;  O ≈ polar(U), U = G + μM, then rows or columns at unit length, times ⟨O, U⟩ with nuclearScaling;  W ← (1−ηλ)W − η√(A/B)·O",
  source: "Zhang, Zhao, Liu, Wang & Zhang 2026, arXiv:2602.21545; K1seki221/MuonPlus",
  state: "mn for hidden weights, 2mn for the rest",
  geometry: "spectral norm, then rows or columns",
  computation: "O(m²n·T)",
  when: "Muon with equal rows or columns for one more pass.",
  options: {
    ...muonOptions({
      learningRate: 1e-3,
      nesterov: true,
      momentumForm: "sum",
      weightDecay: 0.1,
      scale: "rms",
      normalization: "keller",
    }),
    slices: choice<Slices>("none", slicesChoices, "what is normalised after Newton-Schulz, in this order"),
    nuclearScaling: flag(false, "O times ⟨O, U⟩: steps shrink with the gradient"),
    ...auxiliaryOptions({ ...same, b1: 0.95, b2: 0.95 }),
  },
  recipe(values, { schedule }) {
    const unit = chain(orthogonalizeBy(values), normalizeSlices(values.slices));
    const direction = values.nuclearScaling ? nuclearScaled(unit) : unit;
    return [stepMethod("muon_plus", direction, values, schedule), auxiliaryAdamW(values, schedule)];
  },
});

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
    ...muonOptions({ ...keller, learningRate: 0.02, weightDecay: 0, normalization: "keller" }),
    rowB2: pastWeight(0.95, "β: weight of the past in the averages of squares"),
    slices: choice<BalancedSlices>(
      "rows",
      ["rows", "longSide"],
      "whose squares: rows, or NVIDIA's choice by shape",
    ),
    guard: choice("add", ["add", "floor"], "rowEps beside the root, or a floor of the average"),
    rowEps: nonNegative(1e-10, "ε"),
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
    ...muonOptions({ ...keller, learningRate: 0.02, weightDecay: 0 }),
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
