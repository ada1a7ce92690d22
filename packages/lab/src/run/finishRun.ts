import { join } from "node:path";
import { replaceFile } from "@steepest/models/node";
import { fileError } from "../files/fileError.ts";
import type { StepMetrics } from "../plan/runObserver.ts";
import { lossCurves } from "./lossCurves.ts";
import type { RunResult, RunSummary } from "./runResult.ts";
import type { RunState } from "./runState.ts";
import { writeSample } from "./writeSample.ts";

/** Sample, summary, result. Rejects with the reason of `signal` where that comes before the sample is whole. */
export async function finishRun(
  state: RunState,
  metrics: readonly StepMetrics[],
  times: readonly number[],
  signal: AbortSignal | undefined,
): Promise<RunResult> {
  const { run, runDir, lock, engine } = state;
  const curves = lossCurves(metrics);
  const { train, validation } = curves;
  const valAccuracy = validation.at(-1)?.accuracy;
  const last = train.slice(-Math.min(50, Math.max(1, Math.round(train.length / 10))));
  const measured = times.length > 0 ? times : metrics.flatMap(({ ms }) => ms ?? []);
  const msPerStep = measured.length > 0 ? mean(measured) : null;
  const summary: RunSummary = {
    runDir,
    steps: run.plan.steps,
    trainLoss: last.length > 0 ? mean(last.map(({ loss }) => loss)) : null,
    valLoss: validation.at(-1)?.loss ?? Number.NaN,
    ...(valAccuracy !== undefined && { valAccuracy }),
    msPerStep,
    tokensPerSecond: msPerStep === null ? null : (1000 * run.batches.tokensPerStep) / msPerStep,
    unit: run.batches.unit,
    optimizerShare: await engine.optimizerShare(),
    stateFloats: engine.stateFloats,
    parameters: engine.parameters,
    peakRssBytes: process.resourceUsage().maxRSS * 1024,
  };
  const sample = await writeSample(run, engine, signal);
  lock.expectHeld();
  try {
    if (sample !== undefined) replaceFile(join(runDir, "sample.txt"), sample);
    replaceFile(join(runDir, "summary.json"), `${JSON.stringify(summary, null, 2)}\n`);
  } catch (error) {
    throw fileError("write the summary into", runDir, error);
  }
  return { ...summary, curves, ...(sample !== undefined && { sample }) };
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
