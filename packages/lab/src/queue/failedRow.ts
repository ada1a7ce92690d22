import type { CompareRow } from "../compare/compareRow.ts";
import type { QueuedRun } from "./queuedRun.ts";

/** The row of a run that no worker came to an end with. */
export const failedRow = ({ label, plan }: QueuedRun, error: string): CompareRow => ({
  optimizer: plan.optimizer,
  label,
  seed: plan.seed,
  status: "failed",
  error,
  runDir: null,
  steps: 0,
  trainLoss: null,
  valLoss: null,
  stepsToReference: null,
  msPerStep: null,
  tokensPerSecond: null,
  optimizerShare: null,
  stateFloats: null,
  parameters: null,
  peakRssBytes: null,
});
