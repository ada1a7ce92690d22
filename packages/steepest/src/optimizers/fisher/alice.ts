import { chain } from "../../core/chain.ts";
import type { Schedule } from "../../core/schedules/schedule.ts";
import { hiddenWeights, type Method } from "../../define/definition.ts";
import { defineOptimizer } from "../../define/namedOptimizer.ts";
import { integer, nonNegative, pastWeight, positive, rate, type ValuesOf } from "../../define/options.ts";
import { matrixAuxiliary, matrixAuxiliaryOptions } from "../../define/recipes/auxiliary.ts";
import { addDecayedWeights } from "../../transforms/addDecayedWeights.ts";
import { scale } from "../../transforms/scale.ts";
import { scaleByLearningRate } from "../../transforms/scaleByLearningRate.ts";
import { scaleByAlice } from "./scaleByAlice.ts";

const shared = {
  learningRate: rate(0.02, "η"),
  alpha: positive(0.3, "α: factor on the step"),
  compensation: nonNegative(0.4, "α_c: factor on the part outside the basis"),
  b1: pastWeight(0.9, "weight of the past in the averages of σ and p"),
  b2: pastWeight(0.9, "weight of the past in the average of σ²"),
  rank: integer(128, 1, "r: directions of the shorter side"),
  leading: integer(40, 0, "l: directions that a switch keeps"),
  switchEvery: integer(200, 1, "K: steps between two switches"),
  gamma: positive(1.01, "γ: most that the norm of the compensation grows in a step"),
  eps: nonNegative(1e-8, "added outside the root"),
  seed: integer(0, 0, "of the new directions"),
  weightDecay: nonNegative(0, "λ, decoupled"),
  ...matrixAuxiliaryOptions,
};

/** `auxiliaryLearningRate` deserves a value of its own: η = 0.02 is far too large for AdamW. */
function aliceMethods(
  name: string,
  b3: number,
  values: ValuesOf<typeof shared>,
  schedule: Schedule | undefined,
): readonly Method[] {
  const { learningRate, alpha, switchEvery: every, weightDecay } = values;
  const transform = chain(
    scaleByAlice({ ...values, b3, every }),
    scale(alpha),
    addDecayedWeights(weightDecay),
    scaleByLearningRate(learningRate, schedule),
  );
  const rest = values.auxiliaryLearningRate === "same" ? { ...values, auxiliaryLearningRate: 1e-3 } : values;
  return [{ name, takes: hiddenWeights, transform, scale: () => alpha }, matrixAuxiliary(rest, schedule)];
}

const formula =
  "σ = UᵀG;  M, V ← averages of σ, σ²;  C = √(m−r)(G − Uσ)·Diag(p)^(−1/2), its growth limited;  " +
  "W ← (1−ηλ)W − ηα(U M/(√V + eps) + α_c C);  every K steps U: one subspace iteration, r − l directions replaced at random";

export const alice = defineOptimizer({
  name: "alice",
  family: "fisher",
  summary: "Low-rank Eigen-Adam with tracking, switching and compensation: GaLore's memory, full-rank steps.",
  formula,
  source: "Gong et al. 2025, arXiv:2502.07752, Algorithms 2 to 4",
  state: "2nr + mr + r² + n + 1 for hidden weights (m ≤ n; no n + 1 where r = m), 2mn for the rest",
  geometry: "blockdiag(U Dⱼ Uᵀ), rank r",
  computation: "O(mnr + m²r/K)",
  when: "Low-rank states for wide models: rank r instead of m, with what the rank misses put back as a scaled remainder.",
  options: { ...shared, b3: pastWeight(0.999, "weight of the past in the tracked covariance") },
  recipe: (values, { schedule }) => aliceMethods("alice", values.b3, values, schedule),
});

export const alice0 = defineOptimizer({
  name: "alice0",
  family: "fisher",
  summary: "Alice without tracking: the basis comes from the gradient at the switch.",
  formula,
  source: "Gong et al. 2025, arXiv:2502.07752",
  state: "2nr + mr + n + 1 for hidden weights (m ≤ n; no n + 1 where r = m), 2mn for the rest",
  geometry: "blockdiag(U Dⱼ Uᵀ), rank r",
  computation: "O(mnr + m²r/K)",
  when: "Alice without the r × r tracking matrix, when a basis from a single gradient is good enough.",
  options: shared,
  recipe: (values, { schedule }) => aliceMethods("alice0", 0, values, schedule),
});
