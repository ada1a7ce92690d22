import { defineMatrixOptimizer } from "../../define/defineMatrixOptimizer.ts";
import { flag, nonNegative, pastWeight, rate, share } from "../../define/options.ts";
import { auxiliaryAdamW, auxiliaryOptions } from "../../define/recipes/auxiliary.ts";
import { dionMethod } from "./dionMethod.ts";
import { dionStep } from "./dionStep.ts";

/**
 * Dion, for hidden weights and convolutions, seen as [dOut, rest]: Muon of low rank by one power step, with
 * what it misses kept for later.
 *
 *   B = M + G;   P = orth(BQ);   R = BᵀP;   M ← B − (1−μ)PRᵀ;   Q ← columns of R at unit length
 *   W ← (1−ηλ)W − η√(dOut/dIn)·PQᵀ
 *
 * AdamW at the same rate and decay for the rest. State mn + q·min(m, n), q the rank. Source: Ahn, Xu, Abreu,
 * Fan, Magakyan, Sharma, Zhan & Langford 2025, arXiv:2504.05295; microsoft/dion dion_simple.py, which does
 * not transpose wide weights (`transposeWide`).
 *
 * @example dion({ learningRate: 0.01, rankFraction: 0.25 })
 */
export const dion = defineMatrixOptimizer({
  name: "dion",
  family: "norm-constrained",
  summary: "Muon of low rank: one power step from the last basis, what it misses is kept for later.",
  formula:
    "B = M + G;  P = orth(BQ);  R = BᵀP;  M ← B − (1−μ)PRᵀ;  Q ← R/|R's columns|;  W ← (1−ηλ)W − η√(A/B)·PQᵀ",
  source: "Ahn, Xu, Abreu, Fan, Magakyan, Sharma, Zhan & Langford 2025, arXiv:2504.05295",
  state: "mn + q·min(m, n) for hidden weights of rank q, 2mn for the rest",
  geometry: "spectral norm, rank r",
  computation: "O(mnr)",
  when: "Distributed training of wide models: steps of rank r, with what they miss kept for later.",
  golden: ["dion"],
  options: {
    learningRate: rate(0.01, "learning rate η of hidden weights"),
    weightDecay: nonNegative(0.01, "weight decay λ, decoupled"),
    momentum: pastWeight(0.95, "momentum μ: what of the captured part stays in the buffer"),
    rankFraction: share(1, "q over the short side, rounded up"),
    transposeWide: flag(true, "work on the transpose of wide weights: Q is then the smaller"),
    ...auxiliaryOptions({ learningRate: "same", weightDecay: "same", eps: 1e-8 }),
  },
  recipe: (values, { schedule }) => [
    dionMethod("dion", dionStep(values), values, schedule),
    auxiliaryAdamW(values, schedule),
  ],
});
