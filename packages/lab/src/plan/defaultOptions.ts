import type { ModelKind } from "@steepest/models";
import type { JsonOptions } from "./runPlan.ts";

/**
 * Options of each optimizer for the default job of a kind of model, where there are better ones than the library's
 * defaults. They are used whatever the job; options given win.
 *
 * - language: by the sweep in docs/results/default-learning-rates.md
 * - image: of the few rates tried in docs/results/vision.md, those that suit convolutions and linear models alike
 */
export const defaultOptions: Readonly<Record<ModelKind, Readonly<Record<string, JsonOptions>>>> = {
  language: {
    adamw: { learningRate: 0.032 },
    muon: { learningRate: 0.04, auxiliaryLearningRate: 0.08 },
    scion: { learningRate: 0.01 },
    mano_v2: { learningRate: 0.008, auxiliaryLearningRate: 0.08 },
  },
  image: {
    adamw: { learningRate: 0.002 },
    muon: { learningRate: 0.05, auxiliaryLearningRate: 0.01 },
  },
  problem: {},
};
