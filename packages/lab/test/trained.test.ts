import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { disposeTree } from "steepest";
import { afterAll, beforeAll, expect, test } from "vitest";
import { leakedBuffers } from "#test-support/liveBuffers.ts";

import { removeQuietly } from "../src/files/removeQuietly.ts";
import { resolvePlan } from "../src/plan/resolvePlan.ts";
import type { RunResult } from "../src/run/runResult.ts";
import { trainRun } from "../src/run/trainRun.ts";
import { evaluateModel } from "../src/trained/evaluateModel.ts";
import { readTrainedModel } from "../src/trained/trainedModel.ts";
import { writeText } from "../src/trained/writeText.ts";

const folder = mkdtempSync(join(tmpdir(), "trained "));
const runDir = join(folder, "run");
const options = { prompt: "The whale", tokens: 12, temperature: 0.8, seed: 1 };
let result: RunResult;

beforeAll(async () => {
  const small = { width: 16, depth: 1, heads: 2 };
  const plan = resolvePlan({
    modelOptions: small,
    context: 16,
    steps: 4,
    batch: 4,
    evalEvery: 4,
    evalBatches: 2,
  });
  result = await trainRun(plan, { out: runDir });
});
afterAll(() => removeQuietly(folder));

test("a run's model goes on with a prompt: the same seed the same text, streamed or not", async () => {
  const model = await readTrainedModel(runDir);
  const text = await writeText(model, options);
  expect([...text].length).toBe(12);
  const pieces: string[] = [];
  const again = await writeText(model, { ...options, onText: (piece) => pieces.push(piece) });
  expect(again).toBe(text);
  expect(pieces.join("")).toBe(options.prompt + text);
  expect(await writeText(model, { ...options, seed: 2 })).not.toBe(text);
  expect(model.source).toBe(`step 4 of ${runDir}`);
  disposeTree(model.params);
});

test("writing leaks nothing", async () => {
  const write = async (): Promise<void> => {
    const model = await readTrainedModel(runDir);
    await writeText(model, { ...options, tokens: 2 });
    disposeTree(model.params);
  };
  await write();
  expect(await leakedBuffers(write)).toBe(0);
});

test("a run is scored as its own last validation was, and on other text by its own characters", async () => {
  const { loss, bitsPerCharacter = 0, perplexity = 0 } = await evaluateModel(runDir);
  expect(loss).toBeCloseTo(result.valLoss, 6);
  expect(bitsPerCharacter).toBeCloseTo(loss / Math.log(2), 6);
  expect(perplexity).toBeCloseTo(Math.exp(loss), 4);
  const other = join(folder, "other.txt");
  writeFileSync(other, "It was the whale, and no other. ".repeat(40));
  const score = await evaluateModel(runDir, { data: other, evalBatches: 1 });
  expect(score.data).toBe(other);
  expect(score.loss).not.toBeCloseTo(loss, 3);
});

test("what is no trained language model is refused in a sentence", async () => {
  await expect(readTrainedModel(join(folder, "none"))).rejects.toThrow(
    "give a run folder or a folder of Hugging Face",
  );
  await expect(readTrainedModel(runDir, 3)).rejects.toThrow(
    "has no checkpoint of step 3; there are those of step 4",
  );
  const quadratic = join(folder, "quadratic");
  const plan = resolvePlan({ model: "quadratic", data: "none", steps: 1, engine: "jax" });
  await trainRun(plan, { out: quadratic });
  await expect(readTrainedModel(quadratic)).rejects.toThrow("writes no text");
});

test("a problem's run is scored where it ended, and another run goes on from there", async () => {
  const plan = resolvePlan({
    model: "rosenbrock",
    optimizer: "sgd",
    optimizerOptions: { learningRate: 1e-3 },
    steps: 20,
  });
  const end = await trainRun(plan, { out: join(folder, "valley") });
  const { loss } = await evaluateModel(join(folder, "valley"));
  expect(loss).toBeCloseTo(end.valLoss, 6);
  const on = resolvePlan(plan, { weights: join(folder, "valley"), steps: 2, warmup: 0, evalEvery: 1 });
  const [, first] = (await trainRun(on, { out: join(folder, "on") })).curves.validation;
  expect(first?.loss).toBeLessThan(end.valLoss);
});
