import { join } from "node:path";
import type { RunObserver, RunStart, StepMetrics } from "../plan/runObserver.ts";
import { lossCurves } from "../run/lossCurves.ts";
import { NonFiniteLossError, RunInterruptedError } from "../run/runErrors.ts";
import type { LossCurves, RunResult } from "../run/runResult.ts";
import { runFolderName } from "./compareFolder.ts";
import type { CompareRow } from "./compareRow.ts";
import type { PlannedRun } from "./planComparison.ts";
import type { Runner } from "./runner.ts";
import { stepsToReach } from "./stepsToReach.ts";

/** A run that came to its end, good or bad. */
export interface ComparedRun {
  readonly row: CompareRow;
  readonly curves: LossCurves;
}

/** Callbacks for progress displays. */
export interface CompareObserver {
  onRunStart?(run: PlannedRun): void;
  onStep?(run: PlannedRun, metrics: StepMetrics, tokensPerStep: number): void;
  onEval?(run: PlannedRun, step: number, valLoss: number, valAccuracy?: number): void;
  onRunEnd?(run: PlannedRun, row: CompareRow): void;
}

/** What a comparison came to. `interrupted`: asked to stop before all runs were made; rows of runs not begun are missing. */
export interface ComparisonResult {
  readonly runs: readonly ComparedRun[];
  readonly interrupted: boolean;
}

interface ComparisonIo {
  readonly folder: string;
  readonly runner: Runner;
  readonly observer?: CompareObserver | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Makes the planned runs one after the other, so that none disturbs another's times. A run that diverges or fails gives
 * a row that says so, and the next one begins. Steps to reach are counted against the first label's final validation
 * loss of the same seed.
 */
export async function runComparison(
  planned: readonly PlannedRun[],
  io: ComparisonIo,
): Promise<ComparisonResult> {
  const labels = [...new Set(planned.map(({ label }) => label))];
  const runs: ComparedRun[] = [];
  const ended = (interrupted: boolean): ComparisonResult => ({
    runs: withReference(runs, labels[0]),
    interrupted,
  });
  for (const run of planned) {
    if (io.signal?.aborted) return ended(true);
    io.observer?.onRunStart?.(run);
    const watched = watch(run, io);
    let done: ComparedRun;
    let interrupted = false;
    try {
      const result = await io.runner(run.plan, {
        out: join(io.folder, runFolderName(run.label, run.plan.seed, labels)),
        observer: watched.observer,
        ...(io.signal && { signal: io.signal }),
      });
      done = { row: finishedRow(run, result), curves: result.curves };
    } catch (error) {
      done = { row: watched.row(error), curves: lossCurves(watched.metrics) };
      interrupted = error instanceof RunInterruptedError;
    }
    runs.push(done);
    io.observer?.onRunEnd?.(run, done.row);
    if (interrupted) return ended(true);
  }
  return ended(false);
}

type Validation = Parameters<NonNullable<RunObserver["onEval"]>>[0];

/** Keeps what a run says on its way, for the row of one that never arrives. */
function watch(run: PlannedRun, { observer }: ComparisonIo) {
  const metrics: StepMetrics[] = [];
  let start: RunStart | undefined;
  return {
    metrics,
    observer: {
      onStart: (started: RunStart) => {
        start = started;
      },
      onEval: ({ step, seconds, valLoss, valAccuracy }: Validation) => {
        const accuracy = valAccuracy !== undefined && { valAccuracy };
        if (step === 0) metrics.push({ step, seconds, tokens: 0, valLoss, ...accuracy });
        observer?.onEval?.(run, step, valLoss, valAccuracy);
      },
      onStep: (line: StepMetrics) => {
        metrics.push(line);
        observer?.onStep?.(run, line, start?.tokensPerStep ?? 0);
      },
    },
    row: (error: unknown): CompareRow => stoppedRow(run, error, start, metrics),
  };
}

function finishedRow(
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

function stoppedRow(
  { label, plan }: PlannedRun,
  error: unknown,
  start: RunStart | undefined,
  metrics: readonly StepMetrics[],
): CompareRow {
  const diverged = error instanceof NonFiniteLossError;
  const times = metrics.flatMap(({ ms }) => ms ?? []).slice(1); // the first step compiles
  const msPerStep = times.length > 0 ? times.reduce((sum, ms) => sum + ms, 0) / times.length : null;
  return {
    optimizer: plan.optimizer,
    label,
    seed: plan.seed,
    status: diverged ? "diverged" : "failed",
    error: error instanceof Error ? error.message : String(error),
    runDir: start?.runDir ?? null,
    steps: diverged ? error.step : (metrics.at(-1)?.step ?? 0),
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

function withReference(runs: readonly ComparedRun[], reference: string | undefined): ComparedRun[] {
  return runs.map(({ row, curves }) => {
    const target = runs.find((run) => run.row.label === reference && run.row.seed === row.seed)?.row.valLoss;
    const known = typeof target === "number" && row.status === "finished";
    return {
      row: { ...row, stepsToReference: known ? stepsToReach(curves.validation, target) : null },
      curves,
    };
  });
}
