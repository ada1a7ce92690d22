import type { RunStart, StepMetrics } from "../plan/runObserver.ts";
import { NonFiniteLossError, RunInterruptedError } from "../run/runErrors.ts";
import type { RunResult } from "../run/runResult.ts";
import type { CompareRow, RunStatus } from "./compareRow.ts";
import type { PlannedRun } from "./planComparison.ts";

/** The row of a run that made all its steps. */
export function finishedRow(
  { label, plan }: PlannedRun,
  { curves: _, sample: __, ...summary }: RunResult,
): CompareRow {
  return {
    optimizer: plan.optimizer,
    label,
    seed: plan.seed,
    status: "finished",
    stepsToReference: null,
    ...summary,
  };
}

/** The row of a run that did not, from what is known of it. */
export function stoppedRow(
  { label, plan }: PlannedRun,
  error: unknown,
  start: RunStart | undefined,
  metrics: readonly StepMetrics[],
): CompareRow {
  const times = metrics.flatMap(({ ms }) => ms ?? []).slice(1); // the first step compiles
  const msPerStep = times.length > 0 ? times.reduce((sum, ms) => sum + ms, 0) / times.length : null;
  const at =
    error instanceof NonFiniteLossError || error instanceof RunInterruptedError ? error.step : undefined;
  return {
    optimizer: plan.optimizer,
    label,
    seed: plan.seed,
    status: statusOf(error),
    ...(!(error instanceof RunInterruptedError) && {
      error: error instanceof Error ? error.message : String(error),
    }),
    runDir: start?.runDir ?? null,
    steps: at ?? metrics.at(-1)?.step ?? 0,
    trainLoss: null,
    valLoss: null,
    stepsToReference: null,
    msPerStep,
    tokensPerSecond:
      msPerStep === null || start === undefined ? null : (1000 * start.tokensPerStep) / msPerStep,
    optimizerShare: null,
    ...(start !== undefined && { unit: start.unit }),
    stateFloats: start?.stateFloats ?? null,
    parameters: start?.parameters ?? null,
    peakRssBytes: null,
  };
}

function statusOf(error: unknown): RunStatus {
  if (error instanceof NonFiniteLossError) return "diverged";
  return error instanceof RunInterruptedError ? "interrupted" : "failed";
}
