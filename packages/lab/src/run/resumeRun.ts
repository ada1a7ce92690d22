import { rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { CheckpointError } from "../files/checkpointError.ts";
import { type FolderLock, lockFolder } from "../files/folderLock.ts";
import { checkpointFolder, checkpointsFolder, listCheckpoints } from "../files/listCheckpoints.ts";
import type { RunPlan } from "../plan/runPlan.ts";
import { prepareRun } from "../prepare/prepareRun.ts";
import { shellWord } from "../text/shellWord.ts";
import { readCheckpoint } from "./checkpoint/readCheckpoint.ts";
import { removeUnfinished } from "./checkpoint/removeUnfinished.ts";
import { extendPlan, recordExtension } from "./extendRun.ts";
import { lossCurves } from "./lossCurves.ts";
import { openMetricsLog, readMetrics } from "./metricsLog.ts";
import { otherVersions } from "./otherVersions.ts";
import { planAsBegun } from "./planAsBegun.ts";
import { readSummary } from "./readSummary.ts";
import { readRunConfig } from "./runConfig.ts";
import type { RunIo } from "./runIo.ts";
import type { RunResult } from "./runResult.ts";
import { runSteps } from "./runSteps.ts";
import { startRunEngine } from "./startRunEngine.ts";
import { usableThreads } from "./usableThreads.ts";
import { withSamples } from "./withSamples.ts";
import { withWatch } from "./withWatch.ts";

export interface ResumeOptions extends Omit<RunIo, "out"> {
  /** Continue from this checkpoint and forget what came after. Default: the latest. */
  readonly fromStep?: number | undefined;
  /** Another number of steps in all: a finished run goes on, see `extendPlan`. */
  readonly steps?: number | undefined;
  /** Default: those of the plan. */
  readonly threads?: number | undefined;
}

/**
 * Continues a run from a checkpoint, as if it had never stopped: every number, and in the end every byte of
 * the weights, is that of an uninterrupted run. A run that killed itself before its first checkpoint starts
 * again. A finished run returns its result at once.
 *
 * Throws `CheckpointError` for a damaged or missing checkpoint (naming an earlier one to continue from), and
 * a sentence where the folder is none of a run or the text has changed since.
 */
export async function resumeRun(directory: string, options: ResumeOptions = {}): Promise<RunResult> {
  const runDir = resolve(directory);
  const { plan, dataSha256, environment, modelConfig } = readRunConfig(runDir);
  const steps = listCheckpoints(runDir);
  const other = options.steps !== undefined && options.steps !== plan.steps;
  if (options.fromStep === undefined && steps.at(-1) === plan.steps && !other) {
    loadCheckpoint(runDir, steps, plan.steps); // a finished run is whole
    const finished = readSummary(runDir, plan.steps);
    if (finished !== undefined) return { ...finished, curves: lossCurves(readMetrics(runDir)) };
  }
  const changed = environment === undefined ? [] : otherVersions(environment);
  if (changed.length > 0) {
    options.observer?.onPrepare?.(
      `the run began with other versions (${changed.join("; ")}): the rest may differ in the last digits`,
    );
  }
  const lock = lockFolder(runDir, "run folder");
  try {
    return await continueRun({ runDir, lock, plan, dataSha256, modelConfig }, options);
  } finally {
    lock.release();
  }
}

interface StoppedRun {
  readonly runDir: string;
  readonly lock: FolderLock;
  readonly plan: RunPlan;
  readonly dataSha256: string;
  readonly modelConfig: Readonly<Record<string, unknown>>;
}

async function continueRun(
  { runDir, lock, plan: given, dataSha256, modelConfig }: StoppedRun,
  options: ResumeOptions,
): Promise<RunResult> {
  const steps = listCheckpoints(runDir);
  const step = options.fromStep ?? steps.at(-1) ?? 0;
  if (steps.length === 0) expectNoneLost(runDir, given);
  const extended =
    options.steps === undefined || options.steps === given.steps
      ? undefined
      : extendPlan(given, options.steps, step);
  const plan = extended?.plan ?? given;
  if (steps.length === 0 && given.checkpointEvery === 0 && readMetrics(runDir).length > 0) {
    options.observer?.onPrepare?.(
      "the run keeps no checkpoint before its end (--checkpoint-every 0): it begins again, and so does its metrics.jsonl",
    );
  }
  const checkpoint = step === 0 && steps.length === 0 ? undefined : loadCheckpoint(runDir, steps, step);
  const run = await prepareRun(planAsBegun(plan, modelConfig, runDir), {
    report: options.observer?.onPrepare,
    fresh: checkpoint === undefined,
  });
  if (run.batches.sha256 !== dataSha256) {
    throw new Error(
      `the data ${plan.data} have changed since ${runDir} began: put the old ones back to continue`,
    );
  }
  const engine = await startRunEngine(run, {
    threads: options.threads,
    snapshot: checkpoint?.snapshot,
    ranks: options.ranks,
  });
  try {
    if (extended !== undefined) {
      recordExtension(runDir, plan, step);
      options.observer?.onPrepare?.(extended.sentence);
    }
    removeUnfinished(runDir);
    for (const later of steps.filter((other) => other > step)) {
      rmSync(checkpointFolder(runDir, later), { recursive: true, force: true });
    }
    const reached = checkpoint === undefined ? -1 : step;
    const { log, earlier, missing } = openMetricsLog(runDir, reached);
    if (missing.length > 0) {
      options.observer?.onPrepare?.(
        `${join(runDir, "metrics.jsonl")} has lost ${missing.length} of its lines, the first of them of step ` +
          `${missing[0]}: their losses are missing from curves and means, the weights are not touched by it`,
      );
    }
    const start = { earlier, fromStep: step, seconds: checkpoint?.meta.seconds ?? 0 };
    try {
      const at = { runDir, lock, step: reached, threads: usableThreads(options.threads ?? plan.threads) };
      return await withWatch(run, engine, at, (watch) =>
        withSamples(run, engine, at, options, (samples) =>
          runSteps({ run, runDir, lock, engine, log, watch, samples, ...start }, options),
        ),
      );
    } finally {
      log.close();
    }
  } finally {
    engine.dispose();
  }
}

/** Throws where a run without checkpoints has gone further than its first: they are lost, and so would be its log. */
function expectNoneLost(runDir: string, { checkpointEvery }: RunPlan): void {
  const reached = readMetrics(runDir).at(-1)?.step ?? 0;
  if (checkpointEvery === 0 || reached <= checkpointEvery) return;
  throw new CheckpointError(
    `${runDir} has no checkpoints, though its metrics go to step ${reached}: put its checkpoints folder back, ` +
      `or start again in another folder with --config ${shellWord(join(runDir, "config.json"))}`,
  );
}

function loadCheckpoint(
  runDir: string,
  steps: readonly number[],
  step: number,
): ReturnType<typeof readCheckpoint> {
  if (!steps.includes(step)) {
    const there = steps.length === 0 ? "there is none" : `there are those of step ${steps.join(", ")}`;
    throw new CheckpointError(`${checkpointsFolder(runDir)} has no checkpoint of step ${step}; ${there}`);
  }
  try {
    const checkpoint = readCheckpoint(checkpointFolder(runDir, step));
    if (checkpoint.meta.step === step) return checkpoint;
    throw new CheckpointError(`${checkpointFolder(runDir, step)} holds step ${checkpoint.meta.step}`);
  } catch (error) {
    if (!(error instanceof CheckpointError)) throw error;
    const before = steps.filter((other) => other < step).at(-1);
    const advice =
      before === undefined
        ? "there is no earlier one; start the run again"
        : `continue from the one before with --from-step ${before}`;
    throw new CheckpointError(`${error.message}; ${advice}`, { cause: error });
  }
}
