import { defineMatrixOptimizer } from "../../define/defineMatrixOptimizer.ts";
import { flag } from "../../define/options.ts";
import { auxiliaryAdamW, auxiliaryOptions } from "../../define/recipes/auxiliary.ts";
import { muonOptions, orthogonalizeBy, stepMethod, stepOptions } from "../../define/recipes/muonRecipe.ts";
import { nuclearScaled } from "../../transforms/nuclearScaled.ts";

const defaults = {
  learningRate: 0.02,
  nesterov: true,
  momentumForm: "ema",
  weightDecay: 0,
  scale: "shape",
  normalization: "optax",
} as const;

/**
 * Muon as in optax, for hidden weights and convolutions, seen as [dOut, rest]: both parts of the look-ahead
 * have a bias correction of their own.
 *
 *   M ← μM + (1−μ)G;   U = μM/(1−μᵗ⁺¹) + (1−μ)G/(1−μᵗ);   O = NewtonSchulz(U)
 *   W ← (1−ηλ)W − η·√max(1, dOut/dIn)·O, times ⟨O, U⟩ with `adaptive`
 *
 * AdamW at the same rate and decay for the rest; optax takes NAdam there when nesterov is on. State mn.
 * Source: google-deepmind/optax contrib/_muon.py, where the rate has no default.
 *
 * @example muonOptax({ learningRate: 0.02 })
 */
export const muonOptax = defineMatrixOptimizer({
  name: "muon_optax",
  family: "norm-constrained",
  summary: "Muon as in optax, whose bias-corrected look-ahead makes the first directions differ.",
  formula:
    "M ← μM + (1−μ)G;  O ≈ polar(M, or the look-ahead U), times ⟨O, U⟩ if adaptive;  W ← (1−ηλ)W − η·scale·O",
  source: "google-deepmind/optax contrib/_muon.py",
  state: "mn for hidden weights, 2mn for the rest",
  geometry: "spectral norm",
  computation: "O(m²n·T)",
  when: "To reproduce optax's.",
  options: {
    ...muonOptions(defaults),
    biasCorrection: { ...stepOptions(defaults).biasCorrection, default: true },
    adaptive: flag(
      false,
      "O times ⟨O, U⟩, about the nuclear norm: steps shrink with the gradient, as polargrad's",
    ),
    ...auxiliaryOptions({ learningRate: "same", weightDecay: "same", eps: 1e-8, b2: 0.999 }),
  },
  recipe(values, { schedule }) {
    const polar = orthogonalizeBy(values);
    const direction = values.adaptive ? nuclearScaled(polar) : polar;
    return [stepMethod("muon_optax", direction, values, schedule), auxiliaryAdamW(values, schedule)];
  },
});
