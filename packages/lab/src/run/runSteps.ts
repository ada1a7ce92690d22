import { setImmediate } from "node:timers/promises";
import { prefetch } from "@steepest/models";
import { firstNonFinite, type HostTensors } from "../engine/hostTensor.ts";
import { checkpointFolder, listCheckpoints } from "../files/listCheckpoints.ts";
import { scheduleFactors } from "../plan/planSchedule.ts";
import type { StepMetrics } from "../plan/runObserver.ts";
import { aboutRun } from "./aboutRun.ts";
import { writeCheckpoint } from "./checkpoint/writeCheckpoint.ts";
import { averageStatistics, evaluateRun } from "./evaluateRun.ts";
import { finishRun } from "./finishRun.ts";
import { positionOf } from "./positionOf.ts";
import { NonFiniteLossError, RunInterruptedError } from "./runErrors.ts";
import type { RunIo } from "./runIo.ts";
import type { RunResult } from "./runResult.ts";
import type { RunState } from "./runState.ts";

/** Makes the steps that are left, with validations, checkpoints and what is written at the end. */
export async function runSteps(state: RunState, { observer, signal }: RunIo): Promise<RunResult> {
  const { run, runDir, lock, engine, log, watch, samples, fromStep } = state;
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
    samples?.sync();
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

  await samples?.at(fromStep);
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
    await samples?.at(step);
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
    return await finishRun(state, metrics, times, signal);
  } catch (error) {
    // Everything but the sample and the summary is there; a resume makes those.
    if (error === signal?.reason) throw new RunInterruptedError(plan.steps, runDir);
    throw error;
  }
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
