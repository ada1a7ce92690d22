import { chain } from "../../core/chain.ts";
import type { Rate, Schedule } from "../../core/schedules/schedule.ts";
import type { Transform } from "../../core/transform.ts";
import { everything, type Method } from "../../define/definition.ts";
import { defineOptimizer } from "../../define/namedOptimizer.ts";
import { nonNegative, pastWeight, rate } from "../../define/options.ts";
import { addDecayedWeights } from "../../transforms/addDecayedWeights.ts";
import { scaleByLearningRate } from "../../transforms/scaleByLearningRate.ts";
import { scaleByAdamax } from "./scaleByAdamax.ts";
import { scaleByAdemamix } from "./scaleByAdemamix.ts";
import { scaleByNadam } from "./scaleByNadam.ts";
import { scaleByRadam } from "./scaleByRadam.ts";

const shared = {
  learningRate: rate(1e-3, "η"),
  b1: pastWeight(0.9, "weight of the past in the average of gradients"),
  b2: pastWeight(0.999, "weight of the past in the second moment"),
  eps: nonNegative(1e-8, "added outside the root"),
  weightDecay: nonNegative(0, "λ, decoupled"),
};

interface Step {
  readonly learningRate: Rate;
  readonly weightDecay: number;
}

function method(
  name: string,
  direction: Transform,
  { learningRate, weightDecay }: Step,
  schedule: Schedule | undefined,
): readonly Method[] {
  const transform = chain(
    direction,
    addDecayedWeights(weightDecay),
    scaleByLearningRate(learningRate, schedule),
  );
  return [{ name, takes: everything, transform }];
}

export const adamax = defineOptimizer({
  name: "adamax",
  family: "fisher",
  summary: "Adam with the largest recent gradient in place of the root mean square.",
  formula: "m ← b1·m + (1−b1)G;  u ← max(b2·u, |G| + eps);  W ← (1−ηλ)W − η m̂/u",
  source: "Kingma & Ba 2014, arXiv:1412.6980, section 7.1",
  state: "2mn",
  geometry: "Diag(v), largest",
  computation: "O(mn)",
  when: "Gradients with rare large entries: the scale is their recent maximum, and eps hardly matters.",
  golden: ["adamax"],
  options: { ...shared, learningRate: rate(2e-3, "η") },
  recipe: (o, { schedule }) => method("adamax", scaleByAdamax(o.b1, o.b2, o.eps), o, schedule),
});

export const nadam = defineOptimizer({
  name: "nadam",
  family: "fisher",
  summary: "Adam with Nesterov's look-ahead and a momentum that warms up.",
  formula:
    "μₜ = b1(1 − 0.5·0.96^(tψ));  W ← (1−ηλ)W − η (μₜ₊₁m/(1−Πμ to t+1) + (1−μₜ)G/(1−Πμ to t)) / (√v̂ + eps)",
  source: "Dozat 2016, ICLR workshop; torch.optim.NAdam",
  state: "2mn + 1",
  geometry: "Diag(v)",
  computation: "O(mn)",
  when: "As Adam, where momentum's look-ahead helps; costs nothing more.",
  golden: ["nadam"],
  options: {
    ...shared,
    learningRate: rate(2e-3, "η"),
    momentumDecay: nonNegative(4e-3, "ψ: how fast the momentum reaches b1"),
  },
  recipe: (o, { schedule }) => method("nadam", scaleByNadam(o.b1, o.b2, o.eps, o.momentumDecay), o, schedule),
});

export const radam = defineOptimizer({
  name: "radam",
  family: "fisher",
  summary:
    "Adam that is plain momentum until its second moment rests on enough gradients: a built-in warm-up.",
  formula: "ρ = ρ∞ − 2t·b2^t/(1−b2^t);  W ← (1−ηλ)W − η m̂·(r(ρ)√(1−b2^t)/(√v + eps) if ρ > 5, else 1)",
  source: "Liu et al. 2019, arXiv:1908.03265",
  state: "2mn",
  geometry: "Diag(v)",
  computation: "O(mn)",
  when: "Training without a warm-up schedule. While its second moment is unreliable it is momentum SGD, whose steps grow with the gradient.",
  golden: ["radam"],
  options: shared,
  recipe: (o, { schedule }) => method("radam", scaleByRadam(o.b1, o.b2, o.eps), o, schedule),
});

export const ademamix = defineOptimizer({
  name: "ademamix",
  family: "fisher",
  summary: "AdamW with a second, very long average of gradients in the step.",
  formula: "W ← (1−ηλ)W − η (m̂ + α·s)/(√v̂ + eps);  s ← b3·s + (1−b3)G",
  source: "Pagliardini, Ablin & Grangier 2024, arXiv:2409.03137",
  state: "3mn",
  geometry: "Diag(v)",
  computation: "O(mn)",
  when: "Long runs: the average over thousands of steps pays late. Its state is three times the weights.",
  golden: ["ademamix"],
  options: {
    ...shared,
    b3: pastWeight(0.9999, "weight of the past in the slow average"),
    alpha: nonNegative(5, "α: weight of the slow average in the step"),
  },
  recipe: (o, { schedule }) => method("ademamix", scaleByAdemamix(o), o, schedule),
});
