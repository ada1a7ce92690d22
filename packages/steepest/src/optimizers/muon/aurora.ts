import type { numpy as np } from "@jax-js/jax";
import { coefficientOption } from "../../define/coefficientOption.ts";
import { defineMatrixOptimizer } from "../../define/defineMatrixOptimizer.ts";
import { fraction, integer } from "../../define/options.ts";
import { auxiliaryAdamW, auxiliaryOptions } from "../../define/recipes/auxiliary.ts";
import { stepMethod, stepOptions } from "../../define/recipes/muonRecipe.ts";
import { leveragePolar } from "../../matrix/leveragePolar.ts";
import { newtonSchulz } from "../../matrix/newtonSchulz.ts";
import { riemannianLeveragePolar } from "../../matrix/riemannianLeveragePolar.ts";
import { mapMatrices } from "../../transforms/mapMatrices.ts";

const common = {
  ...stepOptions({
    learningRate: 0.05,
    nesterov: true,
    momentumForm: "ema",
    weightDecay: 0.025,
    scale: "shape",
  }),
  coefficients: coefficientOption("simple"),
  steps: integer(12, 1, "Newton-Schulz iterations of each polar factor"),
};
const auxiliary = auxiliaryOptions({ learningRate: 3e-4, weightDecay: "same", eps: 1e-8 });
const source = "Dewulf, Pai, Yang, Zhang & Keigwin 2026, arXiv:2606.27715";

export const aurora = defineMatrixOptimizer({
  name: "aurora",
  family: "norm-constrained",
  summary:
    "Muon whose semi-orthogonal step has nearly equal rows on tall weights, so that no neuron starves.",
  formula:
    "D = 1/|rows of U|;  K times: O = polar(DU), D ← D·((n/m)/|rows of O|²)^β;  W ← (1−ηλ)W − η·scale·O  (wide: transposed)",
  source: `${source}; tilde-research/aurora-release`,
  state: "mn for hidden weights, 2mn for the rest",
  geometry: "spectral norm, rows equal",
  computation: "O(m²n·T)",
  when: "Tall weights, on which a semi-orthogonal step can leave neurons without any.",
  options: {
    ...common,
    iterations: integer(2, 1, "K: polar factors computed"),
    power: fraction(0.5, "β: how strongly row lengths are corrected"),
    ...auxiliary,
  },
  recipe(values, { schedule }) {
    const { coefficients, steps, iterations, power } = values;
    const polar = (x: np.Array): np.Array => newtonSchulz(x, { coefficients, steps });
    const direction = mapMatrices("aurora", (x) => leveragePolar(x, { polar, iterations, power }));
    return [stepMethod("aurora", direction, values, schedule), auxiliaryAdamW(values, schedule)];
  },
});

export const riemannianAurora = defineMatrixOptimizer({
  name: "riemannian_aurora",
  family: "norm-constrained",
  summary:
    "Aurora by ascent along the semi-orthogonal matrices with equal rows: closer, and several times dearer.",
  formula: "O = the ascent of ⟨U, O⟩ from polar(U), OᵀO = I, rows of equal length;  W ← (1−ηλ)W − η·scale·O",
  source,
  state: "mn for hidden weights, 2mn for the rest",
  geometry: "spectral norm, rows equal",
  computation: "O(m²n·T)",
  when: "As a reference for Aurora: the exact answer, several times dearer.",
  options: {
    ...common,
    iterations: integer(3, 1, "outer steps, two polar factors each"),
    solverSteps: integer(
      20,
      1,
      "conjugate-gradient steps for the multipliers of each outer step; 6 come within 2e-3 at 64 × 16, for a third of the graph",
    ),
    ...auxiliary,
  },
  recipe(values, { schedule }) {
    const { coefficients, steps, iterations, solverSteps } = values;
    const polar = (x: np.Array): np.Array => newtonSchulz(x, { coefficients, steps });
    const direction = mapMatrices("riemannian_aurora", (x) =>
      riemannianLeveragePolar(x, { polar, iterations, solverSteps }),
    );
    return [stepMethod("riemannian_aurora", direction, values, schedule), auxiliaryAdamW(values, schedule)];
  },
});
