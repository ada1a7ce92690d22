import { defineMatrixOptimizer } from "../../define/defineMatrixOptimizer.ts";
import { fraction, integer } from "../../define/options.ts";
import { auxiliaryAdamW, auxiliaryOptions } from "../../define/recipes/auxiliary.ts";
import { stepMethod } from "../../define/recipes/muonRecipe.ts";
import { polarFrom } from "../../define/recipes/polarOptions.ts";
import { leveragePolar } from "../../matrix/leveragePolar.ts";
import { mapMatrices } from "../../transforms/mapMatrices.ts";
import { auroraOptions } from "./auroraOptions.ts";

/**
 * Aurora, for hidden weights and convolutions, seen as [dOut, rest]: Muon whose semi-orthogonal step has
 * nearly equal rows on tall weights.
 *
 *   U the look-ahead;   D = 1/|rows of U|;   K times: O = polar(DU), D ← D·((n/m)/|rows of O|²)^β
 *   W ← (1−ηλ)W − η·√max(1, dOut/dIn)·O
 *
 * Wide weights are seen transposed, square ones get Muon's step. AdamW for the rest. State mn. Source:
 * Dewulf, Pai, Yang, Zhang & Keigwin 2026, arXiv:2606.27715; tilde-research/aurora-release.
 *
 * @example aurora({ learningRate: 0.05, iterations: 2 })
 */
export const aurora = defineMatrixOptimizer({
  name: "aurora",
  family: "norm-constrained",
  summary:
    "Muon whose semi-orthogonal step has nearly equal rows on tall weights, so that no neuron starves.",
  formula:
    "D = 1/|rows of U|;  K times: O = polar(DU), D ← D·((n/m)/|rows of O|²)^β;  W ← (1−ηλ)W − η·scale·O  (wide: transposed)",
  source: "Dewulf, Pai, Yang, Zhang & Keigwin 2026, arXiv:2606.27715; tilde-research/aurora-release",
  state: "mn for hidden weights, 2mn for the rest",
  geometry: "spectral norm, rows equal",
  computation: "O(m²n·T)",
  when: "Tall weights, on which a semi-orthogonal step can leave neurons without any.",
  options: {
    ...auroraOptions,
    iterations: integer(2, 1, "K: polar factors computed"),
    power: fraction(0.5, "β: how strongly row lengths are corrected"),
    ...auxiliaryOptions({ learningRate: 3e-4, weightDecay: "same", eps: 1e-8 }),
  },
  recipe(values, { schedule }) {
    const { iterations, power } = values;
    const polar = polarFrom(values);
    const direction = mapMatrices("aurora", (x) => leveragePolar(x, { polar, iterations, power }));
    return [stepMethod("aurora", direction, values, schedule), auxiliaryAdamW(values, schedule)];
  },
});
