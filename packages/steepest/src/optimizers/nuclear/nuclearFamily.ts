import type { Transform } from "../../core/transform.ts";
import { type CoefficientChoice, coefficientOption } from "../../define/coefficientOption.ts";
import { defineMatrixOptimizer } from "../../define/defineMatrixOptimizer.ts";
import { choice, fraction, integer } from "../../define/options.ts";
import { auxiliaryAdamW, auxiliaryOptions } from "../../define/recipes/auxiliary.ts";
import { directionMethod, directionOptions, unitFrobenius } from "../../define/recipes/directionMethod.ts";
import { orthogonalize } from "../../transforms/orthogonalize.ts";
import { blend } from "./blend.ts";
import { rankOne, type TopPair } from "./rankOne.ts";

const source = "The Nuclear Norm and Beyond: Dual Norms and Combinations for Matrix Optimization (draft)";
const state = "mn for hidden weights (0 with momentum 0), 2mn for the rest";
const common = {
  ...directionOptions,
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

const orthogonal = (values: {
  readonly polar: "newtonSchulz" | "svd";
  readonly coefficients: CoefficientChoice;
  readonly steps: number;
}): Transform => orthogonalize(values.polar === "svd" ? "svd" : values);

export const muonExact = defineMatrixOptimizer({
  name: "muon_exact",
  family: "norm-constrained",
  summary: "Muon with an exact polar factor, no shape factor and no look-ahead: the pure spectral step.",
  formula: "M ← μM + (1−μ)G;  W ← (1−ηλ)W − η·scale·UVᵀ,  M = UΣVᵀ by SVD",
  source,
  state,
  geometry: "spectral norm",
  computation: "O(m²n) and an eigendecomposition, O(m³)",
  when: "As the reference of Muon's approximations, and for small matrices: a decomposition at every step.",
  options: common,
  recipe: (values, { schedule }) => [
    directionMethod("muon_exact", orthogonalize("svd"), values, schedule),
    auxiliaryAdamW(values, schedule),
  ],
});

export const fMuon = defineMatrixOptimizer({
  name: "f_muon",
  family: "norm-constrained",
  summary: "Between Muon and normalised SGD: the step of the dual norm α‖·‖_nuc + (1−α)‖·‖_F.",
  formula: "M ← μM + (1−μ)G;  W ← (1−ηλ)W − η·scale·(α UVᵀ + (1−α) M/‖M‖_F),  M = UΣVᵀ",
  source,
  state,
  geometry: "dual of α‖·‖_nuc + (1−α)‖·‖_F",
  computation: "O(m²n·T)",
  when: "Where Muon amplifies noise in small singular directions: α moves towards normalised SGD.",
  options: { ...common, alpha, ...polar },
  recipe: (values, { schedule }) => [
    directionMethod("f_muon", blend(values.alpha, orthogonal(values), unitFrobenius()), values, schedule),
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
  geometry: "nuclear norm",
  computation: "O(mn·T)",
  when: "A cheap probe of the nuclear norm: rank-one steps, for which no Newton-Schulz is needed.",
  options: { ...common, ...topPair },
  recipe: (values, { schedule }) => [
    directionMethod("neon", pair(values), values, schedule),
    auxiliaryAdamW(values, schedule),
  ],
});

export const fNeon = defineMatrixOptimizer({
  name: "f_neon",
  family: "norm-constrained",
  summary: "Between Neon and normalised SGD: the step of the dual norm α‖·‖_op + (1−α)‖·‖_F.",
  formula: "M ← μM + (1−μ)G;  W ← (1−ηλ)W − η·scale·(α u₁v₁ᵀ + (1−α) M/‖M‖_F)",
  source,
  state: "mn + n for hidden weights (0 + n with momentum 0), 2mn for the rest",
  geometry: "dual of α‖·‖_op + (1−α)‖·‖_F",
  computation: "O(mn·T)",
  when: "Between the rank-one and the round step, without a polar factor.",
  options: { ...common, alpha, ...topPair },
  recipe: (values, { schedule }) => [
    directionMethod("f_neon", blend(values.alpha, pair(values), unitFrobenius()), values, schedule),
    auxiliaryAdamW(values, schedule),
  ],
});

const pair = ({ topPair: method, steps }: { topPair: TopPair; steps: number }): Transform =>
  rankOne({ method, steps });
