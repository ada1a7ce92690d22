import { defineOptimizer } from "../../define/namedOptimizer.ts";
import { adadiagMethods, adadiagOptions } from "./adadiagMethods.ts";

/**
 * AdaDiag++, for hidden weights: Adam in both singular bases of a single gradient. AdamW for the rest.
 *
 *   every T steps G = PΣQᵀ;   M ← b1·M + (1−b1)G;   V ← b2·V + (1−b2)(PᵀGQ)²
 *   W ← (1−ηλ)W − η P(PᵀM̂Q/(√V̂ + eps))Qᵀ
 *
 * State 2mn + m² + n² for hidden weights. Source: Nguyen et al. 2025, arXiv:2502.07488; what could not be
 * confirmed of `adadiag` could not here.
 *
 * @example adadiagPp({ learningRate: 1e-3, refreshEvery: 200 })
 */
export const adadiagPp = defineOptimizer({
  name: "adadiag_pp",
  family: "fisher",
  summary: "AdaDiag with both singular bases of a single gradient: SOAP's structure without its averages.",
  formula: "every T steps G = PΣQᵀ;  V ← b2·V + (1−b2)(PᵀGQ)²;  W ← (1−ηλ)W − η P(PᵀM̂Q/(√V̂ + eps))Qᵀ",
  source: "Nguyen et al. 2025, arXiv:2502.07488",
  state: "2mn + m² + n² for hidden weights, 2mn for the rest",
  geometry: "(U_R ⊗ U_L) D (U_R ⊗ U_L)ᵀ, one sample",
  computation: "O((m³ + n³)/K + mn²)",
  when:
    "AdaDiag on both sides. Its bases come from a decomposition of one gradient every T steps, rarely " +
    "enough to cost little.",
  options: adadiagOptions,
  recipe: (values, { schedule }) =>
    adadiagMethods("adadiag_pp", () => ({ left: true, right: true }), values, schedule),
});
