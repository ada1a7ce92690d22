import { chain } from "../../core/chain.ts";
import { matrixSides } from "../../core/parameters/matrixSides.ts";
import type { Rate, Schedule } from "../../core/schedules/schedule.ts";
import type { Transform } from "../../core/transform.ts";
import { coefficientOption } from "../../define/coefficientOption.ts";
import { defineMatrixOptimizer } from "../../define/defineMatrixOptimizer.ts";
import { hiddenWeights, type Method } from "../../define/definition.ts";
import { flag, integer, nonNegative, pastWeight, rate, share } from "../../define/options.ts";
import { auxiliaryAdamW, auxiliaryOptions } from "../../define/recipes/auxiliary.ts";
import { addDecayedWeights } from "../../transforms/addDecayedWeights.ts";
import { scaleByLearningRate } from "../../transforms/scaleByLearningRate.ts";
import { scaleByShape, shapeScales } from "../../transforms/scaleByShape.ts";
import { dion2Step } from "./dion2Step.ts";
import { dionStep } from "./dionStep.ts";

const common = {
  learningRate: rate(0.01, "η of hidden weights"),
  weightDecay: nonNegative(0.01, "λ, decoupled"),
};
const auxiliary = auxiliaryOptions({ learningRate: "same", weightDecay: "same", eps: 1e-8 });

/** A direction scaled by √(A/B), decay, rate. */
function hidden(
  name: string,
  direction: Transform,
  { learningRate, weightDecay }: { readonly learningRate: Rate; readonly weightDecay: number },
  schedule: Schedule | undefined,
): Method {
  const transform = chain(
    direction,
    scaleByShape("rms"),
    addDecayedWeights(weightDecay),
    scaleByLearningRate(learningRate, schedule),
  );
  return {
    name,
    takes: hiddenWeights,
    transform,
    scale: ({ shape }) => shapeScales.rms(...matrixSides(shape)),
  };
}

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
    ...common,
    momentum: pastWeight(0.95, "μ: what of the captured part stays in the buffer"),
    rankFraction: share(1, "q over the short side, rounded up"),
    transposeWide: flag(true, "work on the transpose of wide weights: Q is then the smaller"),
    ...auxiliary,
  },
  recipe: (values, { schedule }) => [
    hidden("dion", dionStep(values), values, schedule),
    auxiliaryAdamW(values, schedule),
  ],
});

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
    ...common,
    momentum: pastWeight(0.95, "μ: what of a slice that has moved stays in the buffer"),
    fraction: share(0.25, "share of the short side's slices that move, rounded up"),
    coefficients: coefficientOption("polarExpress2pct"),
    steps: integer(5, 1, "Newton-Schulz iterations"),
    ...auxiliary,
  },
  recipe: (values, { schedule }) => [
    hidden("dion2", dion2Step(values), values, schedule),
    auxiliaryAdamW(values, schedule),
  ],
});
