import { defineOptimizer } from "../../define/namedOptimizer.ts";
import { shorterSide } from "../../fisher/sharedEigenspace.ts";
import { adadiagMethods, adadiagOptions } from "./adadiagMethods.ts";

/**
 * AdaDiag, for hidden weights [m, n], m ≤ n (or transposed): Adam in the left singular basis of a single
 * gradient. AdamW for the rest.
 *
 *   every T steps G = PΣQᵀ;   M ← b1·M + (1−b1)G;   V ← b2·V + (1−b2)(PᵀG)²
 *   W ← (1−ηλ)W − η P(PᵀM̂/(√V̂ + eps))
 *
 * State 2mn + min(m, n)² for hidden weights. Source: Nguyen et al. 2025, arXiv:2502.07488. T and what becomes
 * of M at a new basis (`rerotate`) could not be confirmed from the paper, and no code was found.
 *
 * @example adadiag({ learningRate: 1e-3, refreshEvery: 200 })
 */
export const adadiag = defineOptimizer({
  name: "adadiag",
  family: "fisher",
  summary: "Adam in the left singular basis of a single gradient, renewed every T steps: no average of GGᵀ.",
  formula:
    "every T steps G = PΣQᵀ;  V ← b2·V + (1−b2)(PᵀG)²;  W ← (1−ηλ)W − η P(PᵀM̂/(√V̂ + eps));  " +
    "the shorter side is rotated",
  source: "Nguyen et al. 2025, arXiv:2502.07488",
  state: "2mn + min(m, n)² for hidden weights, 2mn for the rest",
  geometry: "blockdiag(U Dⱼ Uᵀ), one sample",
  computation: "O(m³/K + m²n)",
  when:
    "Eigen-Adam without the average of GGᵀ: m² floats fewer. The basis is that of one gradient, so it is " +
    "noisy for small batches.",
  options: adadiagOptions,
  recipe: (values, { schedule }) => adadiagMethods("adadiag", shorterSide, values, schedule),
});
