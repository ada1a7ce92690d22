import type { ModelKind } from "@steepest/models";

import { defaultText, noData, type RunPlan } from "./runPlan.ts";

/** What a run does when nothing is said, whatever its model. `warmup` depends on the steps, see `resolvePlan`. */
export const defaultJob = {
  optimizer: "muon",
  optimizerOptions: {},
  model: "tiny",
  modelOptions: {},
  tokenizer: "char",
  accumulate: 1,
  seed: 0,
  schedule: "linear",
  keepCheckpoints: 2,
  engine: "onnx",
} as const satisfies Partial<RunPlan>;

/** Of an outer step where only its distance is given: those of Douillard et al. 2023, arXiv:2311.08105. */
export const outerDefaults = { outerLearningRate: 0.7, outerMomentum: 0.9 } as const;

/** Steps between two looks at a run that is watched: all ten diagnostics then take a sixth of the time of its steps, docs/monitors.md. */
export const WATCH_EVERY = 100;
/** Texts of a run, that at its end among them: each costs as long as writing it takes. */
export const SAMPLES = 4;

type KindSettings = Pick<
  RunPlan,
  "data" | "steps" | "batch" | "evalEvery" | "checkpointEvery" | "sampleTokens"
> &
  Pick<Partial<RunPlan>, "evalBatches">;

/** The rest, which depends on what the model is fed. */
export const kindDefaults = {
  language: {
    data: defaultText,
    steps: 500,
    batch: 16,
    evalEvery: 50,
    evalBatches: 8,
    checkpointEvery: 100,
    sampleTokens: 200,
  },
  image: {
    data: "fashion-mnist",
    steps: 1000,
    batch: 128,
    evalEvery: 250,
    checkpointEvery: 250,
    sampleTokens: 0,
  },
  problem: {
    data: noData,
    steps: 500,
    batch: 1,
    evalEvery: 50,
    evalBatches: 1,
    checkpointEvery: 0,
    sampleTokens: 0,
  },
} as const satisfies Record<ModelKind, KindSettings>;
