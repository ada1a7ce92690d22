import { defineMatrixOptimizer } from "../../define/defineMatrixOptimizer.ts";
import { methodPerRule, normRules } from "../../define/recipes/normChoice.ts";
import { conditionalGradient } from "../../steps/conditionalGradient.ts";
import { scionOptions } from "./scionOptions.ts";

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
  options: scionOptions,
  recipe: (values, { schedule }) =>
    methodPerRule(normRules(values), (norm, radius) =>
      conditionalGradient(norm, { ...values, radius, schedule }),
    ),
});
