import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { generate, prefetch } from "@steepest/models";
import { replaceFile } from "@steepest/models/node";
import { firstNonFinite, type HostTensors } from "../engine/hostTensor.ts";
import type { TrainingEngine } from "../engine/trainingEngine.ts";
import { fileError } from "../files/fileError.ts";
import type { FolderLock } from "../files/folderLock.ts";
import { checkpointFolder, listCheckpoints } from "../files/listCheckpoints.ts";
import { scheduleFactors } from "../plan/planSchedule.ts";
import type { StepMetrics } from "../plan/runObserver.ts";
import type { PreparedRun } from "../prepare/preparedRun.ts";
import type { RunWatcher } from "../watch/startWatching.ts";
import type { WatchLine } from "../watch/watchLine.ts";
import { aboutRun } from "./aboutRun.ts";
import { writeCheckpoint } from "./checkpoint/writeCheckpoint.ts";
import { averageStatistics, evaluateRun } from "./evaluateRun.ts";
import type { LinesLog } from "./linesLog.ts";
import { lossCurves } from "./lossCurves.ts";
import type { MetricsLog } from "./metricsLog.ts";
import { positionOf } from "./positionOf.ts";
import { NonFiniteLossError, RunInterruptedError } from "./runErrors.ts";
import type { RunIo } from "./runIo.ts";
import type { RunResult, RunSummary } from "./runResult.ts";

/** A run that stands at a step. */
export interface RunState {
  readonly run: PreparedRun;
  readonly runDir: string;
  /** Of the run folder. */
  readonly lock: FolderLock;
  readonly engine: TrainingEngine;
  readonly log: MetricsLog;
  /** Of a run that is watched. */
  readonly watch: Watch | undefined;
  /** Metrics of the steps before. */
  readonly earlier: readonly StepMetrics[];
  readonly fromStep: number;
  /** Training time until `fromStep`. */
  readonly seconds: number;
}

/** What looks at a run, and where its lines go. */
export interface Watch {
  readonly watcher: RunWatcher;
  readonly log: LinesLog<WatchLine>;
}

/** Makes the steps that are left, with validations, checkpoints and what is written at the end. */
export async function runSteps(state: RunState, { observer, signal }: RunIo): Promise<RunResult> {
  const { run, runDir, lock, engine, log, watch, fromStep } = state;
  const { plan, batches } = run;
  const factors = scheduleFactors(plan);
  const trainBatch = prefetch((step) => batches.train(step));
  const metrics = [...state.earlier];
  const times: number[] = []; // of steps that compiled nothing
  let seconds = state.seconds;
  let saved = fromStep;

  const record = (line: StepMetrics): void => {
    lock.expectHeld();
    metrics.push(line);
    log.append(line);
  };
  /** Of batch norm, at the latest step they were needed. */
  let known: { step: number; statistics: HostTensors } | undefined;
  const statisticsAt = async (step: number): Promise<HostTensors> => {
    if (known?.step !== step) {
      const how = { count: plan.statisticsBatches, parts: plan.accumulate };
      known = { step, statistics: await averageStatistics(engine, batches, how) };
    }
    return known.statistics;
  };
  const validate = async (step: number): Promise<{ valLoss: number; valAccuracy?: number }> => {
    const { loss: valLoss, accuracy } = await evaluateRun(engine, batches, await statisticsAt(step));
    if (!Number.isFinite(valLoss)) await stopNotFinite(state, step, `the validation loss is ${valLoss}`);
    const found = { valLoss, ...(accuracy !== undefined && { valAccuracy: accuracy }) };
    observer?.onEval?.({ step, seconds, ...found });
    return found;
  };
  const save = async (step: number): Promise<void> => {
    const snapshot = await engine.view();
    const broken = firstNonFinite(snapshot.params) ?? firstNonFinite(snapshot.state);
    if (broken !== undefined) await stopNotFinite(state, step, `"${broken}" is not finite after the update`);
    lock.expectHeld();
    log.sync();
    watch?.log.sync();
    const progress = { step, seconds, tokens: step * batches.tokensPerStep };
    const whole = { ...snapshot, statistics: await statisticsAt(step) };
    const directory = writeCheckpoint(runDir, whole, progress, plan.keepCheckpoints);
    saved = step;
    observer?.onCheckpoint?.({ step, directory });
  };

  observer?.onStart?.({
    runDir,
    steps: plan.steps,
    fromStep,
    parameters: engine.parameters,
    about: aboutRun(run, engine),
    stateFloats: engine.stateFloats,
    tokensPerStep: batches.tokensPerStep,
    unit: batches.unit,
  });
  if (fromStep === 0 && metrics.length === 0) {
    watch?.log.append(...(await watch.watcher.start()));
    record({ step: 0, seconds, tokens: 0, ...(await validate(0)), ...(await positionOf(run.model, engine)) });
  }

  for (let step = fromStep + 1; step <= plan.steps; step++) {
    const batch = await trainBatch(step - 1);
    await watch?.watcher.before(step, batch);
    const { loss, gradNorm, ms, compiled, fault } = await engine.step(batch, step - 1);
    seconds += ms / 1000;
    if (fault !== undefined) await stopNotFinite(state, step, fault);
    if (!compiled) times.push(ms);
    watch?.log.append(...(await watch.watcher.after(loss)));
    const due = step % plan.evalEvery === 0 || step === plan.steps;
    const line: StepMetrics = {
      step,
      loss,
      gradNorm,
      scheduleFactor: factors[step - 1] ?? 1,
      ms,
      seconds,
      tokens: step * batches.tokensPerStep,
      ...(due && (await validate(step))),
      ...(await positionOf(run.model, engine)),
    };
    record(line);
    observer?.onStep?.(line);
    const checkpointDue = plan.checkpointEvery > 0 && step % plan.checkpointEvery === 0;
    if (checkpointDue || step === plan.steps) await save(step);
    await setImmediate(); // lets signals and timers in
    if (signal?.aborted && step < plan.steps) {
      if (saved !== step) await save(step);
      throw new RunInterruptedError(step, runDir);
    }
  }
  if (metrics.findLast(({ step }) => step === plan.steps)?.valLoss === undefined) {
    const tokens = plan.steps * batches.tokensPerStep; // the line of the last step was lost
    record({ step: plan.steps, seconds, tokens, ...(await validate(plan.steps)) });
  }
  try {
    return await finish(state, metrics, times, signal);
  } catch (error) {
    // Everything but the sample and the summary is there; a resume makes those.
    if (error === signal?.reason) throw new RunInterruptedError(plan.steps, runDir);
    throw error;
  }
}

/** Sample, summary, result. Rejects with the reason of `signal` where that comes before the sample is whole. */
async function finish(
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

/** The start of the validation text, continued by a language model whose tokenizer is known. */
async function writeSample(
  { plan, model, tokenizer, batches }: PreparedRun,
  engine: TrainingEngine,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  if (plan.sampleTokens === 0 || model.kind !== "language" || tokenizer === undefined) return undefined;
  const [first] = batches.validation();
  const beginning = first?.tokens?.data.slice(0, Math.min(32, model.context)) ?? [];
  const prompt = Array.from(beginning, Number);
  const written = await generate(model, await engine.params(), prompt, {
    tokens: plan.sampleTokens,
    temperature: 0.8,
    knownTokens: tokenizer.vocabSize, // the model's table may have more rows
    seed: plan.seed,
    ...(signal && { signal }),
  });
  return tokenizer.decode([...prompt, ...written]);
}

async function stopNotFinite({ runDir, engine }: RunState, step: number, what: string): Promise<never> {
  const latest = listCheckpoints(runDir).at(-1);
  const broken = what.startsWith("the validation") ? firstNonFinite((await engine.view()).params) : undefined;
  const named = broken === undefined ? what : `${what}, and parameter "${broken}" is not finite`;
  throw new NonFiniteLossError(
    step,
    named,
    runDir,
    latest === undefined ? undefined : checkpointFolder(runDir, latest),
  );
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
