import type { TrainingEngine } from "../engine/trainingEngine.ts";
import type { RunPlan } from "../plan/runPlan.ts";
import { prepareRun } from "../prepare/prepareRun.ts";
import { openMetricsLog } from "./metricsLog.ts";
import { describeRun } from "./runConfig.ts";
import { createRunFolder, removeRunFolder } from "./runFolder.ts";
import type { RunIo } from "./runIo.ts";
import type { RunResult } from "./runResult.ts";
import { runSteps } from "./runSteps.ts";
import { startRunEngine } from "./startRunEngine.ts";
import { usableThreads } from "./usableThreads.ts";
import { withSamples } from "./withSamples.ts";
import { withWatch } from "./withWatch.ts";

/**
 * One run, from the first step to the last, into a new run folder. The plan comes from `resolvePlan`.
 *
 * Rejects with `NonFiniteLossError` when a number stops being finite, with `RunInterruptedError` when asked to
 * stop (folder and checkpoints stay in both cases), and with `DataError`, `FileError`, `ConfigError` or
 * `OptionError` for what cannot work; a folder without a step is removed again.
 */
export async function trainRun(plan: RunPlan, io: RunIo = {}): Promise<RunResult> {
  const run = await prepareRun(plan, { report: io.observer?.onPrepare });
  const { runDir, lock } = createRunFolder(describeRun(run, new Date()), io.out);
  let engine: TrainingEngine;
  try {
    engine = await startRunEngine(run, { ranks: io.ranks });
  } catch (error) {
    lock.release();
    removeRunFolder(runDir);
    throw error;
  }
  try {
    const { log } = openMetricsLog(runDir, -1);
    const at = { runDir, lock, step: -1, threads: usableThreads(plan.threads) };
    const start = { earlier: [], fromStep: 0, seconds: 0 };
    try {
      return await withWatch(run, engine, at, (watch) =>
        withSamples(run, engine, at, io, (samples) =>
          runSteps({ run, runDir, lock, engine, log, watch, samples, ...start }, io),
        ),
      );
    } finally {
      log.close();
    }
  } finally {
    lock.release();
    engine.dispose();
  }
}
