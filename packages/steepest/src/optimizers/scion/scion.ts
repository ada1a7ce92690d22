import { defineMatrixOptimizer } from "../../define/defineMatrixOptimizer.ts";
import { choice, pastWeight, rate } from "../../define/options.ts";
import { ballDecay, methodPerRule, normChoice, normRules } from "../../define/recipes/normChoice.ts";
import { conditionalGradient } from "../../steps/conditionalGradient.ts";
import type { MomentumStart } from "../../steps/momentum.ts";
import { unconstrainedConditionalGradient } from "../../steps/unconstrainedConditionalGradient.ts";

const options = {
  learningRate: rate(1e-3, "γ: the share of the ball's radius that a step moves"),
  momentum: pastWeight(0.9, "μ; the paper's α is 1 − μ"),
  momentumStart: choice<MomentumStart>("zero", ["zero", "gradient"], "where the average starts"),
  ...normChoice({ radius: 3, embeddingRadius: 1, headRadius: 10, vectorRadius: 1 }),
};

/**
 * Norms by role, for one-hot input (`normRules`); weights start on the ball's surface.
 * The Frobenius norm before Newton-Schulz gets no eps (the code adds 1e-7); zero stays zero all the same.
 */
export const scion = defineMatrixOptimizer({
  name: "scion",
  family: "norm-constrained",
  summary:
    "Every layer moves within a norm ball of its own: constrained, so that weights cannot grow past it.",
  formula:
    "d ← μd + (1−μ)G;  W ← (1−γ)W + γρ·lmo(d),  lmo(d) = argmin { ⟨d, U⟩ : ‖U‖ ≤ 1 } in the layer's norm",
  source: "Pethick et al. 2025, arXiv:2502.07529",
  state: "mn (0 with momentum 0)",
  geometry: "by role: spectral, columns, sign",
  computation: "O(m²n·T)",
  when: "One learning rate for all layers that carries over between widths, weights bounded by construction, one state per weight.",
  golden: ["scion_spectral", "scion_sign", "scion_colnorm", "scion_mixed"],
  options,
  recipe: (values, { schedule }) =>
    methodPerRule(normRules(values), (norm, radius) =>
      conditionalGradient(norm, { ...values, radius, schedule }),
    ),
});

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
  when: "Scion for fine-tuning, or with a weight decay of one's own: weights start where the model puts them and may grow.",
  golden: ["uscion_spectral", "uscion_sign", "uscion_colnorm"],
  options: { ...options, weightDecay: ballDecay },
  recipe: (values, { schedule }) =>
    methodPerRule(normRules(values), (norm, radius) =>
      unconstrainedConditionalGradient(norm, { ...values, radius, schedule }),
    ),
});
