import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createLanguageModel, type LanguageModel } from "@steepest/models";
import { createOptimizer, type Optimizer } from "steepest";
import { describe, expect, test } from "vitest";
import { leakedBuffers, liveBuffers } from "#test-support/liveBuffers.ts";

import type { HostTensors } from "../src/engine/hostTensor.ts";
import { startJaxEngine } from "../src/engine/jax/jaxEngine.ts";
import type { StepMetrics } from "../src/plan/runObserver.ts";
import { engineNames } from "../src/plan/runPlan.ts";
import { resumeRun } from "../src/run/resumeRun.ts";
import { NonFiniteLossError, RunInterruptedError } from "../src/run/runErrors.ts";
import { trainRun } from "../src/run/trainRun.ts";
import { cli, microFlags, microPlan, temporaryFolder } from "./support/microRun.ts";

const model = createLanguageModel("tiny", { vocabSize: 11, width: 16, depth: 1, heads: 2, context: 8 });
const optimizerOf = (name: string): Optimizer => createOptimizer(name, { roles: model.roles() });

/** Tokens that a model can learn: each id is followed by the next. */
function batch(step: number): HostTensors {
  const tokens = Int32Array.from({ length: 16 }, (_, i) => (i + step) % 11);
  const targets = tokens.map((id) => (id + 1) % 11);
  return {
    tokens: { dtype: "int32", shape: [2, 8], data: tokens },
    targets: { dtype: "int32", shape: [2, 8], data: targets },
  };
}

describe.each(engineNames)("trainRun on %s", (engine) => {
  test("reports every step, and its folder says the same", async () => {
    const folder = temporaryFolder();
    const seen: StepMetrics[] = [];
    const evaluated: number[] = [];
    const out = join(folder, "run");
    const plan = microPlan(folder, { engine, sampleTokens: 5 });
    const result = await trainRun(plan, {
      out,
      observer: { onStep: (metrics) => seen.push(metrics), onEval: ({ step }) => evaluated.push(step) },
    });
    expect(seen.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(evaluated).toEqual([0, 3, 6]);
    const lines = readFileSync(join(out, "metrics.jsonl"), "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.slice(1)).toEqual(seen);
    expect(lines[0]).toMatchObject({ step: 0, tokens: 0 });
    expect(result.curves.train.map(({ loss }) => loss)).toEqual(seen.map(({ loss }) => loss));
    expect(result.curves.validation.map(({ step }) => step)).toEqual([0, 3, 6]);
    expect(result.valLoss).toBe(result.curves.validation.at(-1)?.loss);
    expect(result.trainLoss).toBe(seen.at(-1)?.loss);
    // 3 matrices 16 × 16 for queries, keys and values, one for the output, 2 of 16 × 64; table and head 17 × 16
    const vocabulary = new Set(readFileSync(join(folder, "text.txt"), "utf8")).size;
    expect(result.parameters).toBe(4 * 256 + 2 * 1024 + 2 * 16 * vocabulary);
    expect(result.stateFloats).toBe(2 * result.parameters);
    expect(result.msPerStep).toBeGreaterThan(0);
    expect(result.optimizerShare).toBeGreaterThanOrEqual(0); // a difference of times, 0 where they are too short
    expect(result.optimizerShare).toBeLessThan(1);
    expect(result.sample?.length).toBe(8 + 5);
    expect(readdirSync(out).sort()).toEqual([
      "checkpoints",
      "config.json",
      "metrics.jsonl",
      "sample.txt",
      "samples.jsonl",
      "summary.json",
    ]);
    expect(JSON.parse(readFileSync(join(out, "config.json"), "utf8")).plan).toEqual(plan);
  });

  test("the same seed gives the same losses to the last bit, another seed others", async () => {
    const folder = temporaryFolder();
    const losses = async (out: string, seed: number): Promise<(number | undefined)[]> => {
      const { curves } = await trainRun(microPlan(folder, { engine, seed }), { out: join(folder, out) });
      return [...curves.train, ...curves.validation].map(({ loss }) => loss);
    };
    const first = await losses("a", 7);
    expect(await losses("b", 7)).toEqual(first);
    expect(await losses("c", 8)).not.toEqual(first);
  });

  test("a run that gets nowhere leaves no folder", async () => {
    const folder = temporaryFolder();
    const plan = { ...microPlan(folder, { engine }), optimizerOptions: { groups: [{ match: "no.such.*" }] } };
    await expect(trainRun(plan, { out: join(folder, "run") })).rejects.toThrow(/no\.such/);
    expect(existsSync(join(folder, "run"))).toBe(false);
  });

  test("a loss that is not finite stops the run and names step, parameter and last good checkpoint", async () => {
    const folder = temporaryFolder();
    const out = join(folder, "run");
    // A step this large makes products of weights overflow in the next one.
    const plan = microPlan(folder, {
      engine,
      optimizer: "sgd",
      optimizerOptions: { learningRate: 1e36 },
      checkpointEvery: 1,
      schedule: "constant",
      warmup: 0,
    });
    const error = await trainRun(plan, { out }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(NonFiniteLossError);
    const { step, checkpoint, message } = error as NonFiniteLossError;
    expect(step).toBeGreaterThan(0);
    expect(message).toMatch(/^step \d+: .*"(embedding|head|blocks\.0\.[a-zA-Z.]+)"/);
    if (step > 1) expect(checkpoint).toBe(join(out, "checkpoints", `step-${step - 1}`));
    else expect(message).toMatch(/there is no earlier checkpoint/);
    expect(readFileSync(join(out, "metrics.jsonl"), "utf8").trimEnd().split("\n").length).toBe(step);
  });
});

describe("the jax engine", () => {
  /** The model, counting how often its loss is traced. */
  function counted(): { model: LanguageModel; traces: () => number } {
    let traces = 0;
    const loss: LanguageModel["loss"] = (params, tokens) => {
      traces++;
      return model.loss(params, tokens);
    };
    return { model: { ...model, loss }, traces: () => traces };
  }

  test.each(["adamw", "mano_v2"])("%s: traces once per phase, whatever the number of steps", async (name) => {
    const { model: watched, traces } = counted();
    const optimizer = optimizerOf(name);
    let updates = 0;
    const update: Optimizer["update"] = (...args) => {
      updates++;
      return optimizer.update(...args);
    };
    const engine = await startJaxEngine({
      model: watched,
      optimizer: { ...optimizer, update },
      seed: 0,
      threads: 1,
    });
    for (let step = 0; step < 7; step++) await engine.step(batch(step), step);
    await engine.evaluate(batch(0));
    await engine.evaluate(batch(1));
    expect(traces()).toBe(2); // once for the step, once for the evaluation
    expect(updates).toBe(optimizer.period);
    engine.dispose();
  });

  test("forty steps leave as many arrays as two, and disposing leaves none", async () => {
    const run = async (): Promise<void> => {
      const engine = await startJaxEngine({ model, optimizer: optimizerOf("mano_v2"), seed: 0, threads: 1 });
      await engine.step(batch(0), 0);
      await engine.step(batch(1), 1);
      await engine.evaluate(batch(2));
      const before = await liveBuffers();
      for (let step = 2; step < 40; step++) await engine.step(batch(step), step);
      await engine.evaluate(batch(2));
      await engine.snapshot();
      expect(await liveBuffers()).toBe(before);
      engine.dispose();
    };
    expect(await leakedBuffers(run)).toBe(0);
  });

  test("learns, and the share of the optimizer is a share", async () => {
    const engine = await startJaxEngine({
      model,
      optimizer: createOptimizer("adamw", { learningRate: 0.01 }),
      seed: 0,
      threads: 1,
    });
    const { loss: before } = await engine.evaluate(batch(0));
    for (let step = 0; step < 30; step++) await engine.step(batch(step), step);
    expect((await engine.evaluate(batch(0))).loss).toBeLessThan(before - 0.5);
    expect(await engine.optimizerShare()).toBeGreaterThan(0);
    expect(await engine.optimizerShare()).toBeLessThan(1);
    engine.dispose();
  });

  test.each(["sgd", "adamw", "muon", "scion", "mano_v2"])(
    "%s: goes on from a snapshot as if it had not stopped",
    async (name) => {
      const job = { model, optimizer: optimizerOf(name), seed: 3, threads: 1 };
      const whole = await startJaxEngine(job);
      for (let step = 0; step < 3; step++) await whole.step(batch(step), step);
      const snapshot = await whole.snapshot();
      const rest = await startJaxEngine({ ...job, snapshot });
      for (let step = 3; step < 6; step++) {
        const { loss, gradNorm } = await whole.step(batch(step), step);
        expect(await rest.step(batch(step), step)).toMatchObject({ loss, gradNorm });
      }
      expect(await rest.snapshot()).toEqual(await whole.snapshot());
      whole.dispose();
      rest.dispose();
    },
  );

  test("a snapshot of another run is refused by the name of what does not fit", async () => {
    const engine = await startJaxEngine({ model, optimizer: optimizerOf("adamw"), seed: 0, threads: 1 });
    const { params, state } = await engine.snapshot();
    engine.dispose();
    const start = (snapshot: { params: HostTensors; state: HostTensors }) =>
      startJaxEngine({ model, optimizer: optimizerOf("adamw"), seed: 0, threads: 1, snapshot });
    const { head, ...headless } = params;
    await expect(start({ params: headless, state })).rejects.toThrow('the checkpoint lacks parameter "head"');
    await expect(start({ params: { ...params, ...(head && { tail: head }) }, state })).rejects.toThrow(
      'has parameter "tail"',
    );
    const small: HostTensors = {
      ...params,
      head: { dtype: "float32", shape: [1], data: new Float32Array(1) },
    };
    await expect(start({ params: small, state })).rejects.toThrow('"head" is float32 [1] in the checkpoint');
  });
});

test("train says what the text is that it prints, and one step is no steps", async () => {
  const folder = temporaryFolder();
  const out = join(folder, "run");
  const flags = [...microFlags(folder), "--steps", "1", "--sample-tokens", "5", "--out", out];
  const { out: lines, err } = await cli("train", ...flags);
  const sample = readFileSync(join(out, "sample.txt"), "utf8");
  expect(lines.slice(0, 2)).toEqual(["a sample after training:", `${sample}\n`]);
  expect(lines[2]).toMatch(/^1 step: training loss /);
  expect(err.join("\n")).toMatch(/run +1 step, schedule/);
});

test("a run that is asked to stop while it samples keeps its steps, and a resume writes the sample", async () => {
  const folder = temporaryFolder();
  const out = join(folder, "run");
  const stop = new AbortController();
  const plan = microPlan(folder, { sampleTokens: 3000 });
  const onCheckpoint = ({ step }: { step: number }): void => {
    if (step === plan.steps) setTimeout(() => stop.abort(), 1);
  };
  const run = trainRun(plan, { out, signal: stop.signal, observer: { onCheckpoint } });
  await expect(run).rejects.toThrow(RunInterruptedError);
  expect(existsSync(join(out, "sample.txt"))).toBe(false);
  const { sample } = await resumeRun(out);
  expect(sample?.length).toBe(8 + 3000);
});
