import { chain } from "../../core/chain.ts";
import { defineMatrixOptimizer } from "../../define/defineMatrixOptimizer.ts";
import { ballDecay } from "../../define/recipes/normChoice.ts";
import { clippedStep } from "../../steps/clippedConditionalGradient.ts";
import { addDecayedWeights } from "../../transforms/addDecayedWeights.ts";
import { scale } from "../../transforms/scale.ts";
import { clippedScionMethod } from "./clippedScionMethod.ts";
import { clippedScionOptions } from "./clippedScionOptions.ts";

/**
 * Unconstrained Clipped Scion, for every parameter in the norm of its role: steps of length η until the dual
 * norm of all layers falls below rho, shorter ones from there.
 *
 *   d ← μd + (1−μ)G;   S = −Σ⟨d, r·lmo(d)⟩ over all layers;   W ← (1−ηλ)W + η min{1, S/rho}·r·lmo(d)
 *
 * State mn, 0 with momentum 0. S is taken over all layers, whatever group they are in. Source: Pethick et al.
 * 2025, arXiv:2506.01913, Algorithm 3. `rho` and the rate as in the authors' code: the paper's threshold ρ is
 * rho, its γ is learningRate/rho. Radii are Scion's, weights start where the model puts them, as in the
 * authors' scripts; their nanoGPT run has radii 50 and 3000 and rho 600 (`clippedScionPresets`). S is
 * proportional to the radii.
 *
 * @example unconstrainedClippedScion({ learningRate: 0.01, rho: 1 })
 */
export const unconstrainedClippedScion = defineMatrixOptimizer({
  name: "unconstrained_clipped_scion",
  family: "norm-constrained",
  summary: "Unconstrained Scion that takes shorter steps once the dual norm of all layers falls below rho.",
  formula: "d ← μd + (1−μ)G;  S = −Σ⟨d, r·lmo(d)⟩ over all layers;  W ← (1−ηλ)W + η min{1, S/rho}·r·lmo(d)",
  source: "Pethick et al. 2025, arXiv:2506.01913, Algorithm 3",
  state: "mn (0 with momentum 0)",
  geometry: "by role: spectral, columns, sign",
  computation: "O(m²n·T)",
  when: "Unconstrained Scion with steps that shrink by themselves near a solution, so that no decay of the rate is needed.",
  options: { ...clippedScionOptions, weightDecay: ballDecay },
  recipe: (values, context) =>
    clippedScionMethod("unconstrained_clipped_scion", context, (norm) =>
      chain(
        clippedStep(norm, values.rho),
        scale(1 / values.rho),
        context.grouped.each(({ weightDecay }) => addDecayedWeights(weightDecay)),
      ),
    ),
});
