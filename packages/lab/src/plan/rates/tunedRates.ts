import type { ModelKind } from "@steepest/models";
import { isOptimizerName } from "steepest";

import type { JsonOptions } from "../runPlan.ts";
import { measurementOf } from "./measurement.ts";

/** A job whose rates were searched for. */
export interface TunedJob {
  readonly models: readonly string[];
  readonly data: string;
  readonly tokenizer?: string;
  /** Sequences or examples in all of the runs that were compared: steps · batch. */
  readonly examples: number;
  /** Where the search is written down. */
  readonly page: string;
  /** The best rates of an optimizer that were found, or undefined where none were tried. */
  rates(optimizer: string): JsonOptions | undefined;
}

const swept: Readonly<Record<string, JsonOptions>> = {
  adamw: { learningRate: 0.032 },
  muon: { learningRate: 0.04, auxiliaryLearningRate: 0.08 },
  scion: { learningRate: 0.01 },
  mano_v2: { learningRate: 0.008, auxiliaryLearningRate: 0.08 },
};

/** The jobs that were tuned; the first that fits a plan counts. */
export const tunedJobs: Readonly<Record<ModelKind, readonly TunedJob[]>> = {
  language: [
    {
      models: ["tiny"],
      data: "moby-dick",
      tokenizer: "char",
      examples: 500 * 16,
      page: "docs/results/default-learning-rates.md",
      rates: (optimizer) => swept[optimizer],
    },
    {
      // All optimizers at 300 steps; the AdamW beside a matrix method had 0.03 everywhere.
      models: ["tiny"],
      data: "moby-dick",
      tokenizer: "char",
      examples: 300 * 16,
      page: "docs/results/all-optimizers.md",
      rates(optimizer) {
        const measured = isOptimizerName(optimizer) ? measurementOf(optimizer) : undefined;
        return measured && { learningRate: measured.learningRate, auxiliaryLearningRate: 0.03 };
      },
    },
  ],
  image: [
    {
      models: ["logistic", "mlp", "cnn-small"],
      data: "fashion-mnist",
      examples: 1000 * 128,
      page: "docs/results/vision.md",
      rates: (optimizer) =>
        ({
          adamw: { learningRate: 0.002 },
          muon: { learningRate: 0.05, auxiliaryLearningRate: 0.01 },
        })[optimizer],
    },
  ],
  problem: [],
};
