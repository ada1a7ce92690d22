import { defineMatrixOptimizer } from "../../define/defineMatrixOptimizer.ts";
import { auxiliaryAdamW, auxiliaryOptions } from "../../define/recipes/auxiliary.ts";
import { muonOptions, orthogonalizeBy, stepMethod } from "../../define/recipes/muonRecipe.ts";

/**
 * Muon, for hidden weights and convolutions, seen as [dOut, rest]: momentum made semi-orthogonal by
 * Newton-Schulz.
 *
 *   M ← μM + (1−μ)G;   U = (1−μ)G + μM with nesterov, else M;   O = NewtonSchulz(U) ≈ polar(U)
 *   W ← (1−ηλ)W − η·√max(1, dOut/dIn)·O
 *
 * AdamW for the rest. State mn. Source: Jordan et al. 2024, kellerjordan.github.io/posts/muon, whose
 * defaults these are; `muonTorch`, `muonMoonlight` and others have those of other codes. Ours: ‖U‖_F gets no
 * eps (the codes add 1e-7, option `normalization`), so that the step does not depend on the scale of
 * gradients, and the shape factor of a convolution is that of [dOut, rest] (Jordan's code takes its last two
 * sides).
 *
 * @example muon({ learningRate: 0.02, auxiliaryLearningRate: 3e-4 })
 */
export const muon = defineMatrixOptimizer({
  name: "muon",
  family: "norm-constrained",
  summary:
    "Momentum made semi-orthogonal: the step of the spectral norm for hidden matrices, AdamW for the rest.",
  formula:
    "M ← μM + (1−μ)G;  U = (1−μ)G + μM (nesterov) or M;  O = NewtonSchulz(U) ≈ polar(U);  W ← (1−ηλ)W − η·scale·O",
  source: "Jordan et al. 2024, kellerjordan.github.io/posts/muon",
  state: "mn for hidden weights, 2mn for the rest",
  geometry: "spectral norm",
  computation: "O(m²n·T)",
  when: "Hidden weights of transformers and convolutional networks: the first method to try after AdamW, at half its state. It has two learning rates.",
  golden: [
    "muon_keller",
    "muon_keller_no_nesterov",
    "muon_keller_conv",
    "muon_polar_express",
    "muon_l2_decay",
  ],
  options: {
    ...muonOptions({
      learningRate: 0.02,
      nesterov: true,
      momentumForm: "ema",
      weightDecay: 0,
      scale: "shape",
    }),
    ...auxiliaryOptions({ learningRate: 3e-4, weightDecay: "same", eps: 1e-10 }),
  },
  recipe: (values, { schedule }) => [
    stepMethod("muon", orthogonalizeBy(values), values, schedule),
    auxiliaryAdamW(values, schedule, { epsBeforeCorrection: values.momentumForm === "sum" }),
  ],
});
