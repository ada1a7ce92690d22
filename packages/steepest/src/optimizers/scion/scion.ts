import { defineMatrixOptimizer } from "../../define/defineMatrixOptimizer.ts";
import { methodPerRule, normRules } from "../../define/recipes/normChoice.ts";
import { conditionalGradient } from "../../steps/conditionalGradient.ts";
import { scionOptions } from "./scionOptions.ts";

/**
 * Scion, for every parameter in the norm of its role: weights move within a ball and cannot leave it.
 *
 *   d ← μd + (1−μ)G;   W ← (1−γ)W + γρ·lmo(d),   lmo(d) = argmin { ⟨d, U⟩ : ‖U‖ ≤ 1 }
 *
 * By default the norms are those for one-hot input: spectral for hidden weights and convolutions, columns
 * (1→RMS) for embeddings, entries (1→∞) for the head, RMS for gains and biases. State mn, 0 with momentum 0.
 * Source: Pethick et al. 2025, arXiv:2502.07529, Algorithm 2, whose α is 1 − μ. Weights start on the surface
 * of their balls (`initialize`). For networks on images see `imageScionPreset`. Ours: the Frobenius norm
 * before Newton-Schulz gets no eps (the code adds 1e-7); zero stays zero.
 *
 * @example scion({ learningRate: 0.01 })
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
  options: scionOptions,
  recipe: (values, { schedule }) =>
    methodPerRule(normRules(values), (norm, radius) =>
      conditionalGradient(norm, { ...values, radius, schedule }),
    ),
});
