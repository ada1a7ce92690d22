import { defineOptimizer } from "../../define/namedOptimizer.ts";
import { aliceMethods, aliceOptions } from "./aliceMethods.ts";

/**
 * Alice-0, for hidden weights: Alice without tracking, its basis found from the gradient at the switch alone.
 * AdamW for the rest.
 *
 *   σ = UᵀG;   M, V ← averages of σ, σ²;   p ← average of the columns' squares outside U
 *   C = √(m−r)(G − Uσ)·Diag(p)^(−1/2), its growth limited;   W ← (1−ηλ)W − ηα(U M/(√V + eps) + α_c C)
 *
 * State 2nr + mr + n + 1 for hidden weights. Source: Gong et al. 2025, arXiv:2502.07752.
 *
 * @example alice0({ learningRate: 0.02, rank: 128 })
 */
export const alice0 = defineOptimizer({
  name: "alice0",
  family: "fisher",
  summary: "Alice without tracking: the basis comes from the gradient at the switch.",
  formula:
    "σ = UᵀG;  M, V ← averages of σ, σ²;  C = √(m−r)(G − Uσ)·Diag(p)^(−1/2), its growth limited;  " +
    "W ← (1−ηλ)W − ηα(U M/(√V + eps) + α_c C);  every K steps U: one subspace iteration, r − l " +
    "directions replaced at random",
  source: "Gong et al. 2025, arXiv:2502.07752",
  state: "2nr + mr + n + 1 for hidden weights (m ≤ n; no n + 1 where r = m), 2mn for the rest",
  geometry: "blockdiag(U Dⱼ Uᵀ), rank r",
  computation: "O(mnr + m²r/K)",
  when: "Alice without the r × r tracking matrix, where a basis from a single gradient is good enough.",
  options: aliceOptions,
  recipe: (values, { schedule }) => aliceMethods("alice0", 0, values, schedule),
});
