import type { JsonOptions } from "../run/runPlan.ts";

/**
 * Options of each optimizer for the default job, where the sweep found better ones than the library's
 * defaults (docs/results/default-learning-rates.md). They are used whatever the job; options given win.
 */
export const defaultOptions: Readonly<Record<string, JsonOptions>> = {
  adamw: { learningRate: 0.032 },
  muon: { learningRate: 0.04, auxiliaryLearningRate: 0.08 },
  scion: { learningRate: 0.01 },
  mano_v2: { learningRate: 0.008, auxiliaryLearningRate: 0.08 },
};
