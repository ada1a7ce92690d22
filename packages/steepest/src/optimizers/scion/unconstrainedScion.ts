import { defineMatrixOptimizer } from "../../define/defineMatrixOptimizer.ts";
import { ballDecay, methodPerRule, normRules } from "../../define/recipes/normChoice.ts";
import { unconstrainedConditionalGradient } from "../../steps/unconstrainedConditionalGradient.ts";
import { scionOptions } from "./scionOptions.ts";

/**
 * Unconstrained Scion, for every parameter in the norm of its role: every step has the norm γρ, and weights
 * may grow.
 *
 *   d ← μd + (1−μ)G;   W ← (1−γλ)W + γρ·lmo(d),   lmo(d) = argmin { ⟨d, U⟩ : ‖U‖ ≤ 1 }
 *
 * Norms by role as `scion`. State mn, 0 with momentum 0. Source: Pethick et al. 2025, arXiv:2502.07529,
 * Algorithm 1, whose α is 1 − μ. Weights start on the surface of their balls, as the paper has it;
 * `initialize: "model"` leaves them where the model puts them, as for fine-tuning.
 *
 * @example unconstrainedScion({ learningRate: 0.01, weightDecay: 0.1 })
 */
export const unconstrainedScion = defineMatrixOptimizer({
  name: "unconstrained_scion",
  family: "norm-constrained",
  summary: "Scion without the constraint: every step has the norm γρ, and weights may grow.",
  formula:
    "d ← μd + (1−μ)G;  W ← (1−γλ)W + γρ·lmo(d),  lmo(d) = argmin { ⟨d, U⟩ : ‖U‖ ≤ 1 } in the layer's norm",
  source: "Pethick et al. 2025, arXiv:2502.07529",
  state: "mn (0 with momentum 0)",
  geometry: "by role: spectral, columns, sign",
  computation: "O(m²n·T)",
  when: "Scion with a weight decay of one's own, or none: weights may leave their balls. For fine-tuning take initialize \"model\", since by default they start on the spheres, as Scion's do.",
  golden: ["uscion_spectral", "uscion_sign", "uscion_colnorm"],
  options: { ...scionOptions, weightDecay: ballDecay },
  recipe: (values, { schedule }) =>
    methodPerRule(normRules(values), (norm, radius) =>
      unconstrainedConditionalGradient(norm, { ...values, radius, schedule }),
    ),
});
