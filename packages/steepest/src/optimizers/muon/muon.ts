import { defineMatrixOptimizer } from "../../define/defineMatrixOptimizer.ts";
import { auxiliaryAdamW, auxiliaryOptions } from "../../define/recipes/auxiliary.ts";
import { muonOptions, orthogonalizeBy, stepMethod } from "../../define/recipes/muonRecipe.ts";

/**
 * Defaults are Keller Jordan's; `muonTorch`, `muonMoonlight` and their like have those of others.
 * ‖U‖_F gets no eps (the codes add 1e-7; option `normalization`), so that the step does not depend on the scale of
 * gradients at all. Convolutions are seen as [dOut, dIn·kh·kw] for the scale too; Jordan's code takes the last two
 * sides there.
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
