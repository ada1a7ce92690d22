import { chain } from "../../core/chain.ts";
import { defineMatrixOptimizer } from "../../define/defineMatrixOptimizer.ts";
import { choice } from "../../define/options.ts";
import { type ShortStepVariant, shortStepDirection } from "../../steps/shortStep.ts";
import { scale } from "../../transforms/scale.ts";
import { clippedScionMethod } from "./clippedScionMethod.ts";
import { clippedScionOptions } from "./clippedScionOptions.ts";

/**
 * Clipped Scion, for every parameter in the norm of its role: weights stay in their balls, steps shrink as
 * the gap closes.
 *
 *   d ← μd + (1−μ)G;   V = W − r·lmo(d);   S = Σ⟨d, V⟩ over all layers;   W ← W − η min{1, S/rho} V
 *
 * with variant "primalNorm" S/rho becomes 4S/(rho·max‖V/r‖²). State mn, 0 with momentum 0. S is taken over
 * all layers, whatever group they are in. Source: Pethick et al. 2025, arXiv:2506.01913, Algorithm 4. `rho`
 * is that of the authors' code, four times the paper's: η·min{1, S/rho} = γ·min{ρ, S/4}. Radii are Scion's,
 * weights start where the model puts them, as in the authors' scripts; their nanoGPT run has radii 50 and
 * 3000 and rho 600 (`clippedScionPresets`).
 *
 * @example clippedScion({ learningRate: 0.01, rho: 1 })
 */
export const clippedScion = defineMatrixOptimizer({
  name: "clipped_scion",
  family: "norm-constrained",
  summary: "Scion with a clipped short step: weights stay in their balls, steps shrink as the gap closes.",
  formula:
    "d ← μd + (1−μ)G;  V = W − r·lmo(d);  S = Σ⟨d, V⟩ over all layers;  W ← W − η min{1, S/rho} V, or 4S/(rho·max‖V/r‖²)",
  source: "Pethick et al. 2025, arXiv:2506.01913, Algorithm 4",
  state: "mn (0 with momentum 0)",
  geometry: "by role: spectral, columns, sign",
  computation: "O(m²n·T)",
  when: "Scion with steps that shrink by themselves as the gap closes.",
  options: {
    ...clippedScionOptions,
    variant: choice<ShortStepVariant>(
      "diameter",
      ["diameter", "primalNorm"],
      "S over 4, or over the square of V's norm (an SVD for spectral norms)",
    ),
  },
  recipe: (values, context) =>
    clippedScionMethod(
      "clipped_scion",
      context,
      (norm) =>
        chain(
          shortStepDirection(norm, { threshold: values.rho / 4, variant: values.variant }),
          scale(4 / values.rho),
        ),
      values.variant === "diameter",
    ),
});
