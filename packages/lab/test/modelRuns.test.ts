import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { numpy as np } from "@jax-js/jax";
import { disposeTree } from "steepest";
import { beforeEach, describe, expect, test } from "vitest";
import { Session, type TensorSpec } from "../../onnx/src/runtime/session.ts";
import { toArrays } from "../src/engine/arrays.ts";
import { startingTrees } from "../src/engine/startingTrees.ts";
import { exportRun } from "../src/export/exportRun.ts";
import { parseAugmentation } from "../src/plan/parseAugmentation.ts";
import { resolvePlan } from "../src/plan/resolvePlan.ts";
import type { RunPlan } from "../src/plan/runPlan.ts";
import { prepareRun } from "../src/prepare/prepareRun.ts";
import { readCheckpoint } from "../src/run/checkpoint/readCheckpoint.ts";
import { resumeRun } from "../src/run/resumeRun.ts";
import { trainRun } from "../src/run/trainRun.ts";
import { cli, temporaryFolder } from "./support/microRun.ts";
import { tinyImages } from "./support/tinyImages.ts";

let folder: string;
let out: string;
let data: string;
beforeEach(() => {
  folder = temporaryFolder();
  out = join(folder, "run");
  data = tinyImages(folder);
});

const cnnPlan = (changes: Partial<RunPlan> = {}): RunPlan =>
  resolvePlan({
    model: "cnn",
    modelOptions: { widths: [8, 10] },
    optimizer: "adamw",
    optimizerOptions: { learningRate: 0.01 },
    data,
    batch: 10,
    steps: 14,
    evalEvery: 7,
    checkpointEvery: 4,
    keepCheckpoints: 10,
    augment: "alternate-flip,translate=1",
    testTime: "flip",
    statisticsBatches: 2,
    ...changes,
  });

describe("a run on images", () => {
  test("learns, and says its accuracy everywhere", async () => {
    const seen: (number | undefined)[] = [];
    const result = await trainRun(cnnPlan({ steps: 42, evalEvery: 21 }), {
      out,
      observer: { onEval: ({ valAccuracy }) => seen.push(valAccuracy) },
    });
    expect(result.valAccuracy).toBeGreaterThan(0.8); // by chance 0.33
    expect(seen).toHaveLength(3);
    expect(seen.at(-1)).toBe(result.valAccuracy);
    expect(result.curves.validation.map(({ accuracy }) => accuracy)).toEqual(seen);
    expect(result.unit).toBe("images");
    const lines = readFileSync(join(out, "metrics.jsonl"), "utf8").trim().split("\n");
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({ step: 0, valAccuracy: seen[0] });
    expect(JSON.parse(readFileSync(join(out, "summary.json"), "utf8")).valAccuracy).toBe(result.valAccuracy);
    const { model, tokenizer, images } = JSON.parse(readFileSync(join(out, "config.json"), "utf8"));
    expect(images.mean[0]).toBeGreaterThan(0.2); // a third of the rows is bright
    expect(images.deviation).toHaveLength(1);
    expect(model.config.whitening).toHaveLength(16);
    expect(tokenizer).toBeNull();
  });

  test("continues bit by bit from a checkpoint in the middle of an epoch", async () => {
    const whole = await trainRun(cnnPlan(), { out });
    const files = ["params", "optimizer", "statistics"].map(
      (name) => `checkpoints/step-14/${name}.safetensors`,
    );
    const bytes = () => files.map((file) => readFileSync(join(out, file)));
    const expected = bytes();
    rmSync(join(out, "checkpoints", "step-14"), { recursive: true });
    const resumed = await resumeRun(out, { fromStep: 8 }); // an epoch is 6 steps
    expect(bytes()).toEqual(expected);
    expect(resumed.valAccuracy).toBe(whole.valAccuracy);
    expect(resumed.valLoss).toBe(whole.valLoss);
  });

  test("model.onnx computes the logits, with the statistics of the checkpoint", async () => {
    await trainRun(cnnPlan({ steps: 4 }), { out });
    const { folder: exported, description } = exportRun(out, { batch: 2 });
    const graph = description.model;
    if (graph === undefined) return expect.unreachable("no model");
    expect(graph.inputs).toEqual([{ name: "images", dtype: "float32", shape: [2, 1, 8, 8] }]);
    expect(description.trainStep?.inputs.filter(({ name }) => !/^(params|state)/.test(name))).toEqual([
      { name: "learningRateFactor", dtype: "float32", shape: [] },
      { name: "images", dtype: "float32", shape: [10, 1, 8, 8] },
      { name: "labels", dtype: "int32", shape: [10] },
    ]);
    expect(readFileSync(join(exported, "README.txt"), "utf8")).toContain(
      "images float32 [2,1,8,8] -> logits float32 [2,3]",
    );

    expect(description.images?.mean).toHaveLength(1);
    expect(readFileSync(join(exported, "README.txt"), "utf8")).toMatch(/mean 0\.\d+; deviation 0\.\d+\./);

    const images = Float32Array.from({ length: 128 }, (_, i) => Math.sin(i));
    const logits = new Float32Array(6);
    const session = new Session(
      readFileSync(join(exported, graph.file)),
      graph.inputs as TensorSpec[],
      graph.outputs as TensorSpec[],
    );
    const bound = session.bind([images], [logits]);
    bound.runSync();
    bound.dispose();
    session.dispose();

    const { model, optimizer } = await prepareRun(cnnPlan());
    if (model.kind !== "image") return expect.unreachable("not an image model");
    const { snapshot } = readCheckpoint(join(out, "checkpoints", "step-4"));
    const { params, state } = startingTrees({ model, optimizer, seed: 0, snapshot, threads: 1 });
    disposeTree(state);
    const input = np.array(images, { shape: [2, 1, 8, 8] });
    const expected = model.apply(params, input, toArrays(snapshot.statistics ?? {})).dataSync();
    // Logits of size 1 out of sums of at most 90 terms.
    logits.forEach((logit, i) => {
      expect(Math.abs(logit - (expected[i] ?? Number.NaN))).toBeLessThan(1e-5);
    });
  });

  test("compare shows the accuracy", async () => {
    const flags = `--model mlp --widths [8] --data ${data} --batch 10 --steps 6 --eval-every 3`;
    const { code, out: lines } = await cli("compare", "adamw", "muon", ...flags.split(" "), "--out", out);
    expect(code).toBe(0);
    expect(lines.join("\n")).toMatch(/accuracy/);
    expect(lines.join("\n")).toMatch(/\d\d\.\d\d %/);
    const report = readFileSync(join(out, "report.html"), "utf8");
    expect(report).toContain("validation accuracy");
    expect(report).toContain("10 images");
    const { rows } = JSON.parse(readFileSync(join(out, "compare.json"), "utf8"));
    for (const row of rows) expect(row.valAccuracy).toBeGreaterThan(0);
  });
});

test("a binary logistic regression, by a flag that is a list", async () => {
  const flags = `--model logistic --positive [0,2] --data ${data} --batch 10 --steps 12 --eval-every 12 --json`;
  const { code, out: lines } = await cli("train", ...flags.split(" "), "--out", out);
  expect(code).toBe(0);
  expect(JSON.parse(lines.at(-1) ?? "")).toMatchObject({ parameters: 65 });
});

describe("a problem", () => {
  test("is trained without data, and resumed", async () => {
    const flags = "--model quadratic --rows 4 --columns 3 --spectrum [3,2,1,0.5] --steps 20 --json";
    const { code, out: lines } = await cli("train", ...flags.split(" "), "--out", out);
    expect(code).toBe(0);
    const summary = JSON.parse(lines.at(-1) ?? "");
    expect(summary.unit).toBe("evaluations");
    expect(summary.valLoss).toBeLessThan(summary.trainLoss);
    expect(summary.valAccuracy).toBeUndefined();
    expect((await cli("train", "--resume", out)).code).toBe(0);
  });

  test("is exported as a training step alone", async () => {
    await trainRun(
      resolvePlan({
        model: "rosenbrock",
        optimizer: "sgd",
        steps: 3,
        optimizerOptions: { learningRate: 1e-4 },
      }),
      { out },
    );
    const { description, folder: exported } = exportRun(out);
    expect(description.model).toBeUndefined();
    expect(description.trainStep?.inputs.map(({ name }) => name)).toContain("params.x");
    expect(readFileSync(join(exported, "README.txt"), "utf8")).not.toContain("next_batch");
    expect((await cli("export", out, "--only", "model")).err).toEqual([
      "error: rosenbrock is a problem of its own: there is no trained model, only a training step",
    ]);
  });
});

describe("what does not go together", () => {
  test.each([
    [
      "--model cnn --data TEXT",
      /^cnn is trained on images, and .*text\.txt is text: give other data \(--data fashion-mnist\) or another model \(--model tiny, /,
    ],
    [
      "--model tiny --data IMAGES",
      /^tiny is trained on text, and .*images is images: give other data \(--data moby-dick\) or another model \(--model logistic, /,
    ],
    [
      "--model cnn --context 8",
      /^"context" is a setting for language models, and cnn is trained on images: leave it out$/,
    ],
    ["--model tiny --augment flip", /^"augment" is a setting for image models, and tiny is trained on text/],
    [
      "--model quadratic --data moby-dick",
      /^quadratic is a problem of its own and needs no data: leave --data out$/,
    ],
    ["--model mlp --data none", /^mlp needs data to be trained on: give --data fashion-mnist, or a path$/],
    [
      "--model mlp --augment flop",
      /^cannot read "flop" in augment "flop" \(did you mean "flip"\?\): expected flip or/,
    ],
    [
      "--model mlp --test-time flp",
      /^--test-time must be one of none, flip, flip-translate, got "flp" \(did you mean "flip"\?\)/,
    ],
    ["--model mlp --data fashon-mnist", /no file or folder fashon-mnist \(did you mean "fashion-mnist"\?\)/],
    ["--tokenizer gtp2", /no tokenizer gtp2 \(did you mean "gpt2"\?\)/],
    ["--model quadratc", /^there is no model "quadratc" \(did you mean "quadratic"\?\)/],
    [
      "--model mlp --data IMAGES --batch 100",
      /has 60 training images, fewer than a batch of 100: use a smaller batch/,
    ],
    ["--model cnn --data IMAGES --batch 4 --widths [4,4,4,4]", /8 × 8 pixels is too small for 4 groups/],
  ])("%s", async (args, says) => {
    const argv = args
      .split(" ")
      .map((arg) => arg.replace("TEXT", join(folder, "text.txt")).replace("IMAGES", data));
    const { code, err } = await cli("train", ...argv, "--out", out);
    expect(code).toBeGreaterThan(0);
    expect(err.at(-1)?.replace(/^error: /, "")).toMatch(says);
  });

  test("augmentation", () => {
    expect(parseAugmentation("flip, translate=2")).toEqual({ flip: true, translate: 2 });
    expect(parseAugmentation("alternate-flip")).toEqual({ flip: "alternate" });
    expect(parseAugmentation(undefined)).toEqual({});
    expect(() => parseAugmentation("translate=x")).toThrow(/cannot read "translate=x"/);
  });
});

test("a config.json from before there were images is still read", async () => {
  await trainRun(
    resolvePlan({
      modelOptions: { width: 16, depth: 1, heads: 2 },
      data: join(folder, "text.txt"),
      context: 8,
      batch: 2,
      steps: 2,
      sampleTokens: 0,
    }),
    { out },
  );
  const file = join(out, "config.json");
  writeFileSync(file, readFileSync(file, "utf8").replace('"dataSha256"', '"textSha256"'));
  expect((await resumeRun(out)).steps).toBe(2);
});

test("the help lists the models by kind", async () => {
  const { out: lines } = await cli("train", "--model", "cnn", "--help");
  const shown = lines.join("\n");
  expect(shown).toMatch(/Models for text: {4}tiny, char-1m/);
  expect(shown).toMatch(/Models for images: {2}logistic, mlp, cnn-small, cnn, vit-micro, vit-tiny/);
  expect(shown).toMatch(/Problems, no data: {2}least-squares, quadratic, rosenbrock/);
  expect(shown).toMatch(/--\[no-\]whitening/);
});
