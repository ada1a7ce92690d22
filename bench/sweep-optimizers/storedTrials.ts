import * as v from "valibot";

import type { Trial } from "./trial.ts";

const resultsSchema = v.array(
  v.object({
    optimizer: v.string(),
    learningRate: v.number(),
    msPerStep: v.number(),
    stateFloats: v.number(),
    tried: v.array(
      v.object({
        learningRate: v.number(),
        steps: v.number(),
        seed: v.optional(v.number(), 0),
        valLoss: v.nullable(v.number()),
        fault: v.optional(v.string()),
      }),
    ),
  }),
);
const measurementsSchema = v.object({ parameters: v.number() });

/**
 * The runs that `docs/results/all-optimizers.json` tells of, so that one optimizer can be measured without the log of all
 * others. Of the times of a step it has those of the runs that are reported.
 */
export function storedTrials(results: string, measurements: string): Trial[] {
  const { parameters } = v.parse(measurementsSchema, JSON.parse(measurements));
  return v.parse(resultsSchema, JSON.parse(results)).flatMap(({ optimizer, learningRate, ...best }) =>
    best.tried.map(({ fault, ...trial }) => ({
      optimizer,
      ...trial,
      ...(fault !== undefined && { fault }),
      ...(trial.learningRate === learningRate &&
        trial.steps === 300 &&
        trial.seed === 0 && { msPerStep: best.msPerStep }),
      stateFloats: best.stateFloats,
      parameters,
    })),
  );
}
