import { defineMatrixOptimizer } from "../../define/defineMatrixOptimizer.ts";
import { nonNegative, pastWeight, rate, share } from "../../define/options.ts";
import { auxiliaryAdamW, auxiliaryOptions } from "../../define/recipes/auxiliary.ts";
import { polarFrom, polarOptions } from "../../define/recipes/polarOptions.ts";
import { dion2Step } from "./dion2Step.ts";
import { dionMethod } from "./dionMethod.ts";

/**
 * Dion2, for hidden weights and convolutions, seen as [dOut, rest]: Muon on the largest rows or columns of
 * the buffer only.
 *
 *   M ← M + G;   S = slices with the largest ℓ₁ norm;   O = NewtonSchulz(M_S);   M_S ← μM_S
 *   W ← (1−ηλ)W, and on S W ← W − η√(dOut/dIn)·O
 *
 * Slices are rows of wide and columns of tall weights. AdamW at the same rate and decay for the rest. State
 * mn. Source: Ahn et al. 2025, arXiv:2512.16928; microsoft/dion dion2.py.
 *
 * @example dion2({ learningRate: 0.01, fraction: 0.25 })
 */
export const dion2 = defineMatrixOptimizer({
  name: "dion2",
  family: "norm-constrained",
  summary: "Muon on the largest rows (or columns) of the buffer only: a fraction of the work at each step.",
  formula:
    "M ← M + G;  S = slices with the largest ℓ₁ norm;  O = NewtonSchulz(M_S);  M_S ← μM_S;  W ← (1−ηλ)W, W_S ← W_S − η√(A/B)·O",
  source: "Ahn et al. 2025, arXiv:2512.16928, microsoft/dion dion2.py",
  state: "mn for hidden weights, 2mn for the rest",
  geometry: "spectral norm, a part of the rows",
  computation: "O(m²n·T)",
  when: "Where Newton-Schulz is the bottleneck: a share of the rows at a step.",
  options: {
    learningRate: rate(0.01, "learning rate η of hidden weights"),
    weightDecay: nonNegative(0.01, "weight decay λ, decoupled"),
    momentum: pastWeight(0.95, "momentum μ: what of a slice that has moved stays in the buffer"),
    fraction: share(0.25, "share of the short side's slices that move, rounded up"),
    ...polarOptions({ coefficients: "polarExpress2pct" }),
    ...auxiliaryOptions({ learningRate: "same", weightDecay: "same", eps: 1e-8 }),
  },
  recipe: (values, { schedule }) => [
    dionMethod("dion2", dion2Step({ ...values, polar: polarFrom(values) }), values, schedule),
    auxiliaryAdamW(values, schedule),
  ],
});
