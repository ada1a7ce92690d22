import { defaultText, type RunPlan } from "../run/runPlan.ts";

/** What `steepest train` does when nothing is said. `warmup` depends on the steps, see `resolvePlan`. */
export const defaultJob = {
  optimizer: "muon",
  optimizerOptions: {},
  model: "tiny",
  modelOptions: {},
  data: defaultText,
  tokenizer: "char",
  steps: 500,
  batch: 16,
  seed: 0,
  schedule: "linear",
  evalEvery: 50,
  evalBatches: 8,
  checkpointEvery: 100,
  keepCheckpoints: 2,
  sampleTokens: 200,
  engine: "onnx",
} as const satisfies Partial<RunPlan>;
