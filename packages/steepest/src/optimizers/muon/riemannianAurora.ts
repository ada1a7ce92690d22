import { defineMatrixOptimizer } from "../../define/defineMatrixOptimizer.ts";
import { integer } from "../../define/options.ts";
import { auxiliaryAdamW, auxiliaryOptions } from "../../define/recipes/auxiliary.ts";
import { stepMethod } from "../../define/recipes/muonRecipe.ts";
import { polarFrom } from "../../define/recipes/polarOptions.ts";
import { riemannianLeveragePolar } from "../../matrix/riemannianLeveragePolar.ts";
import { mapMatrices } from "../../transforms/mapMatrices.ts";
import { auroraOptions } from "./auroraOptions.ts";

/**
 * Riemannian Aurora, for hidden weights and convolutions, seen as [dOut, rest]: the step with equal rows
 * exactly, by ascent along the manifold of such matrices.
 *
 *   O = the ascent of ⟨U, O⟩ from polar(U), OᵀO = I, rows of equal length
 *   W ← (1−ηλ)W − η·√max(1, dOut/dIn)·O
 *
 * Several times as dear as `aurora`: two polar factors and a solve by conjugate gradients for each outer
 * step. AdamW for the rest. State mn. Source: Dewulf, Pai, Yang, Zhang & Keigwin 2026, arXiv:2606.27715.
 *
 * @example riemannianAurora({ learningRate: 0.05, iterations: 3 })
 */
export const riemannianAurora = defineMatrixOptimizer({
  name: "riemannian_aurora",
  family: "norm-constrained",
  summary:
    "Aurora by ascent along the semi-orthogonal matrices with equal rows: closer, and several times dearer.",
  formula: "O = the ascent of ⟨U, O⟩ from polar(U), OᵀO = I, rows of equal length;  W ← (1−ηλ)W − η·scale·O",
  source: "Dewulf, Pai, Yang, Zhang & Keigwin 2026, arXiv:2606.27715",
  state: "mn for hidden weights, 2mn for the rest",
  geometry: "spectral norm, rows equal",
  computation: "O(m²n·T)",
  when: "As a reference for Aurora: the exact answer, several times dearer.",
  options: {
    ...auroraOptions,
    iterations: integer(3, 1, "outer steps, two polar factors each"),
    solverSteps: integer(
      20,
      1,
      "conjugate-gradient steps for the multipliers of each outer step; 6 come within 2e-3 at 64 × 16, for a third of the graph",
    ),
    ...auxiliaryOptions({ learningRate: 3e-4, weightDecay: "same", eps: 1e-8 }),
  },
  recipe(values, { schedule }) {
    const { iterations, solverSteps } = values;
    const polar = polarFrom(values);
    const direction = mapMatrices("riemannian_aurora", (x) =>
      riemannianLeveragePolar(x, { polar, iterations, solverSteps }),
    );
    return [stepMethod("riemannian_aurora", direction, values, schedule), auxiliaryAdamW(values, schedule)];
  },
});
