import { defineMatrixOptimizer } from "../../define/defineMatrixOptimizer.ts";
import { hiddenWeights } from "../../define/definition.ts";
import { auxiliaryAdamW } from "../../define/recipes/auxiliary.ts";
import { polarFrom, polarOptions } from "../../define/recipes/polarOptions.ts";
import { stiefel } from "../../manifolds/stiefel.ts";
import { spectral } from "../../norms/spectral.ts";
import { constrainedDescent } from "./constrainedDescent.ts";
import { constrainedDescentOptions } from "./constrainedDescentOptions.ts";

/**
 * SPEL, for hidden weights and convolutions, seen as [dOut, rest]: weights with orthonormal columns, and
 * spectral steps.
 *
 *   M ← μM + (1−μ)G;   W ← msign(W − η·msign(M − W·sym(WᵀM))),   msign the polar factor
 *
 * AdamW for the rest. State mn, 0 with momentum 0. Source: Yang & Lai 2026, arXiv:2601.21487. NVIDIA's
 * version does not project the momentum (`project: false`) and takes five quintic steps for both polar
 * factors, which leave singular values between 0.7 and 1.2, off the manifold; here they are 10 steps of the
 * Polar Express, which converge.
 *
 * @example spel({ learningRate: 0.01 })
 */
export const spel = defineMatrixOptimizer({
  name: "spel",
  family: "manifold",
  summary: "Hidden weights with orthonormal columns, and spectral steps: Muon on the Stiefel manifold.",
  formula: "M ← μM + (1−μ)G;  W ← msign(W − η·msign(M − W·sym(WᵀM)))",
  source: "Yang & Lai 2026, arXiv:2601.21487",
  state: "mn for hidden weights (0 with momentum 0), 2mn for the rest",
  geometry: "Stiefel manifold, spectral step",
  computation: "O(m²n·T)",
  when: "Layers that are to stay orthogonal. Two polar factors a step; initialise them orthogonal.",
  golden: ["spel"],
  options: {
    ...constrainedDescentOptions,
    ...polarOptions({ coefficients: "polarExpress", steps: 10 }),
  },
  recipe(options, { schedule }) {
    const polar = polarFrom(options);
    const norm = spectral({ radius: "operator", polar });
    const transform = constrainedDescent(stiefel({ polar }), norm, options, schedule);
    return [{ name: "spel", takes: hiddenWeights, transform }, auxiliaryAdamW(options, schedule)];
  },
});
