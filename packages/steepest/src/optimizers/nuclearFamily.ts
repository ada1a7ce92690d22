import { chain } from "../chain.ts";
import { momentumEstimate } from "../methods/momentum.ts";
import { oracleStep } from "../methods/oracleStep.ts";
import { frobenius } from "../norms/frobenius.ts";
import { matrixSides } from "../parameters/matrixSides.ts";
import { type CoefficientChoice, coefficientOption } from "../registry/coefficientOption.ts";
import { defineMatrixOptimizer } from "../registry/defineMatrixOptimizer.ts";
import { hiddenWeights, type Method } from "../registry/definition.ts";
import { choice, fraction, integer, nonNegative, pastWeight, rate } from "../registry/options.ts";
import type { Rate, Schedule } from "../schedules/schedule.ts";
import type { Transform } from "../transform.ts";
import { addDecayedWeights } from "../transforms/addDecayedWeights.ts";
import { blend } from "../transforms/blend.ts";
import { orthogonalize } from "../transforms/orthogonalize.ts";
import { rankOne, type TopPair } from "../transforms/rankOne.ts";
import { scaleByLearningRate } from "../transforms/scaleByLearningRate.ts";
import { type ShapeScale, scaleByShape, shapeScales } from "../transforms/scaleByShape.ts";
import { auxiliaryAdamW, auxiliaryOptions } from "./auxiliary.ts";

const source = "The Nuclear Norm and Beyond: Dual Norms and Combinations for Matrix Optimization (draft)";
const state = "mn for hidden weights (0 with momentum 0), 2mn for the rest";
const common = {
  learningRate: rate(1e-3, "η of hidden weights"),
  momentum: pastWeight(0.9, "μ; the draft leaves it free"),
  weightDecay: nonNegative(0, "λ, decoupled; the draft has none"),
  scale: choice("none", ["none", "rms", "moonlight"], "factor: 1, √(A/B) or 0.2√max(A, B)"),
  ...auxiliaryOptions({ learningRate: 3e-4, weightDecay: 0, eps: 1e-8 }),
};
const alpha = fraction(0.5, "α: 1 is the pure method, 0 is nsgd");
const polar = {
  polar: choice("newtonSchulz", ["newtonSchulz", "svd"], "how UVᵀ is found"),
  coefficients: coefficientOption("keller"),
  steps: integer(5, 1, "Newton-Schulz iterations"),
};
const topPair = {
  topPair: choice<TopPair>(
    "power",
    ["power", "lanczos", "svd"],
    "how u₁ and v₁ are found: power iteration from the last v, Lanczos, or exactly",
  ),
  steps: integer(2, 1, "steps of power iteration or Lanczos"),
};

interface Common {
  readonly learningRate: Rate;
  readonly momentum: number;
  readonly weightDecay: number;
  readonly scale: ShapeScale;
}

/** Momentum, a direction of unit norm, shape factor, decay, rate. */
function hidden(
  name: string,
  direction: Transform,
  { learningRate, momentum, weightDecay, scale }: Common,
  schedule: Schedule | undefined,
): Method {
  const transform = chain(
    momentumEstimate(momentum),
    direction,
    scaleByShape(scale),
    addDecayedWeights(weightDecay),
    scaleByLearningRate(learningRate, schedule),
  );
  const factor: Method["scale"] = ({ shape }) => shapeScales[scale](...matrixSides(shape));
  return { name, takes: hiddenWeights, transform, scale: factor };
}

/** M/(‖M‖_F + 1e-12), as nsgd. */
const normalized = (): Transform => oracleStep(frobenius({ eps: 1e-12 }));

const orthogonal = (values: {
  readonly polar: "newtonSchulz" | "svd";
  readonly coefficients: CoefficientChoice;
  readonly steps: number;
}): Transform => orthogonalize(values.polar === "svd" ? "svd" : values);

export const muon_exact = defineMatrixOptimizer({
  name: "muon_exact",
  family: "norm-constrained",
  summary: "Muon with an exact polar factor, no shape factor and no look-ahead: the pure spectral step.",
  formula: "M ← μM + (1−μ)G;  W ← (1−ηλ)W − η·scale·UVᵀ,  M = UΣVᵀ by SVD",
  source,
  state,
  options: common,
  recipe: (values, { schedule }) => [
    hidden("muon_exact", orthogonalize("svd"), values, schedule),
    auxiliaryAdamW(values, schedule),
  ],
});

export const f_muon = defineMatrixOptimizer({
  name: "f_muon",
  family: "norm-constrained",
  summary: "Between Muon and normalised SGD: the step of the dual norm α‖·‖_nuc + (1−α)‖·‖_F.",
  formula: "M ← μM + (1−μ)G;  W ← (1−ηλ)W − η·scale·(α UVᵀ + (1−α) M/‖M‖_F),  M = UΣVᵀ",
  source,
  state,
  options: { ...common, alpha, ...polar },
  recipe: (values, { schedule }) => [
    hidden("f_muon", blend(values.alpha, orthogonal(values), normalized()), values, schedule),
    auxiliaryAdamW(values, schedule),
  ],
});

export const neon = defineMatrixOptimizer({
  name: "neon",
  family: "norm-constrained",
  summary: "The step of the nuclear norm: only the top singular pair of the average. No Newton-Schulz.",
  formula: "M ← μM + (1−μ)G;  W ← (1−ηλ)W − η·scale·u₁v₁ᵀ,  M = Σ σᵢuᵢvᵢᵀ",
  source,
  state: "mn + n for hidden weights (0 + n with momentum 0), 2mn for the rest",
  options: { ...common, ...topPair },
  recipe: (values, { schedule }) => [
    hidden("neon", pair(values), values, schedule),
    auxiliaryAdamW(values, schedule),
  ],
});

export const f_neon = defineMatrixOptimizer({
  name: "f_neon",
  family: "norm-constrained",
  summary: "Between Neon and normalised SGD: the step of the dual norm α‖·‖_op + (1−α)‖·‖_F.",
  formula: "M ← μM + (1−μ)G;  W ← (1−ηλ)W − η·scale·(α u₁v₁ᵀ + (1−α) M/‖M‖_F)",
  source,
  state: "mn + n for hidden weights (0 + n with momentum 0), 2mn for the rest",
  options: { ...common, alpha, ...topPair },
  recipe: (values, { schedule }) => [
    hidden("f_neon", blend(values.alpha, pair(values), normalized()), values, schedule),
    auxiliaryAdamW(values, schedule),
  ],
});

const pair = ({ topPair: method, steps }: { topPair: TopPair; steps: number }): Transform =>
  rankOne({ method, steps });
