import { chain } from "../../core/chain.ts";
import { defineMatrixOptimizer } from "../../define/defineMatrixOptimizer.ts";
import { choice, flag } from "../../define/options.ts";
import { auxiliaryAdamW, auxiliaryOptions } from "../../define/recipes/auxiliary.ts";
import { muonOptions, orthogonalizeBy, stepMethod } from "../../define/recipes/muonRecipe.ts";
import { nuclearScaled } from "../../transforms/nuclearScaled.ts";
import { normalizeSlices, type Slices, slicesChoices } from "./normalizeSlices.ts";

/**
 * Muon+: heavy-ball momentum, O ≈ polar of the look-ahead, then columns and rows of O at unit length, times
 * √(dOut/dIn).
 *
 *   M ← μM + G;  U = G + μM;  O = NewtonSchulz(U);  O ← columns, then rows of O/√(Σx² + 1e-7);  W ← (1−ηλ)W − η√(dOut/dIn)·O
 *
 * For hidden weights and convolutions, as [dOut, rest]; AdamW with both weights of the past 0.95 for the
 * rest. State mn. `slices` "col_row" is the order of the authors' GPT-2 runs, "row_col" that of their LLaMA
 * runs; their code does nothing by default ("none"), which is Muon. Where the paper is silent: nuclearScaling
 * takes ⟨O, U⟩ of the O that comes out of the slices. Source: Zhang, Zhao, Liu, Wang & Zhang 2026,
 * arXiv:2602.21545.
 */
export const muonPlus = defineMatrixOptimizer({
  name: "muon_plus",
  family: "norm-constrained",
  summary: "Muon whose orthogonalised columns, then rows, are brought to unit length once more.",
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
    slices: choice<Slices>("col_row", slicesChoices, "what is normalised after Newton-Schulz, in this order"),
    nuclearScaling: flag(false, "O times ⟨O, U⟩: steps shrink with the gradient"),
    ...auxiliaryOptions({ learningRate: "same", weightDecay: "same", eps: 1e-8, b1: 0.95, b2: 0.95 }),
  },
  recipe(values, { schedule }) {
    const unit = chain(orthogonalizeBy(values), normalizeSlices(values.slices));
    const direction = values.nuclearScaling ? nuclearScaled(unit) : unit;
    return [stepMethod("muon_plus", direction, values, schedule), auxiliaryAdamW(values, schedule)];
  },
});
