import { defineMatrixOptimizer } from "../../define/defineMatrixOptimizer.ts";
import { auxiliaryAdamW, auxiliaryOptions } from "../../define/recipes/auxiliary.ts";
import { muonOptions, orthogonalizeBy, stepMethod } from "../../define/recipes/muonRecipe.ts";
import { nuclearScaled } from "../../transforms/nuclearScaled.ts";

/**
 * PolarGrad, for hidden weights and convolutions, seen as [dOut, rest]: Muon times the nuclear norm of its
 * momentum, so that steps shrink with the gradient.
 *
 *   M ← μM + (1−μ)G;   O = NewtonSchulz(M), or of the look-ahead U;   W ← (1−ηλ)W − η⟨O, U⟩O
 *
 * AdamW at the same rate and decay for the rest. State mn. Source: Lau, Long & Su 2025, arXiv:2505.21799;
 * NVIDIA-NeMo/Emerging-Optimizers polargrad.py. `polar: "svd"` makes it NVIDIA's MOP.
 *
 * @example polargrad({ learningRate: 3e-4 })
 */
export const polargrad = defineMatrixOptimizer({
  name: "polargrad",
  family: "norm-constrained",
  summary: "Muon times the nuclear norm of its momentum, so that steps shrink with the gradient.",
  formula: "M ← μM + (1−μ)G;  O ≈ polar(M, or the look-ahead U);  W ← (1−ηλ)W − η⟨O, U⟩O",
  source: "Lau, Long & Su 2025, arXiv:2505.21799; NVIDIA-NeMo/Emerging-Optimizers polargrad.py",
  state: "mn for hidden weights, 2mn for the rest",
  geometry: "spectral norm",
  computation: "O(m²n·T)",
  when: "Muon whose steps shrink with the gradient: strongly convex and low-noise problems.",
  golden: ["polargrad", "mop"],
  options: {
    ...muonOptions({
      learningRate: 3e-4,
      nesterov: false,
      momentumForm: "ema",
      weightDecay: 0.01,
      scale: "none",
      coefficients: "you5",
    }),
    ...auxiliaryOptions({ learningRate: "same", weightDecay: "same", eps: 1e-8 }),
  },
  recipe: (values, { schedule }) => [
    stepMethod("polargrad", nuclearScaled(orthogonalizeBy(values)), values, schedule),
    auxiliaryAdamW(values, schedule),
  ],
});
