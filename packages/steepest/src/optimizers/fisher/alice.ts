import { defineOptimizer } from "../../define/namedOptimizer.ts";
import { pastWeight } from "../../define/options.ts";
import { aliceMethods, aliceOptions } from "./aliceMethods.ts";

/**
 * Alice, for hidden weights [m, n], m ≤ n (or transposed): Eigen-Adam in r directions U of the shorter side,
 * with a scaled remainder for what they miss. AdamW for the rest.
 *
 *   σ = UᵀG;   M, V, Q ← averages of σ, σ², σσᵀ;   p ← average of the columns' squares outside U
 *   C = √(m−r)(G − Uσ)·Diag(p)^(−1/2), its growth limited;   W ← (1−ηλ)W − ηα(U M/(√V + eps) + α_c C)
 *
 * Every K steps U is renewed by one subspace iteration with the tracked UQUᵀ, and r − l of its directions are
 * drawn at random. State 2nr + mr + r² + n + 1 for hidden weights. Source: Gong et al. 2025,
 * arXiv:2502.07752, Algorithms 2 to 4.
 *
 * @example alice({ learningRate: 0.02, rank: 128 })
 */
export const alice = defineOptimizer({
  name: "alice",
  family: "fisher",
  summary: "Low-rank Eigen-Adam with tracking, switching and compensation: GaLore's memory, full-rank steps.",
  formula:
    "σ = UᵀG;  M, V ← averages of σ, σ²;  C = √(m−r)(G − Uσ)·Diag(p)^(−1/2), its growth limited;  " +
    "W ← (1−ηλ)W − ηα(U M/(√V + eps) + α_c C);  every K steps U: one subspace iteration, r − l " +
    "directions replaced at random",
  source: "Gong et al. 2025, arXiv:2502.07752, Algorithms 2 to 4",
  state: "2nr + mr + r² + n + 1 for hidden weights (m ≤ n; no n + 1 where r = m), 2mn for the rest",
  geometry: "blockdiag(U Dⱼ Uᵀ), rank r",
  computation: "O(mnr + m²r/K)",
  when:
    "Low-rank states for wide models: rank r instead of m, with what the rank misses added as a scaled " +
    "remainder.",
  options: { ...aliceOptions, b3: pastWeight(0.999, "weight of the past in the tracked covariance") },
  recipe: (values, { schedule }) => aliceMethods("alice", values.b3, values, schedule),
});
