import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { numpy as np } from "@jax-js/jax";
import { decodeSafetensors } from "@steepest/models";
import { disposeTree } from "steepest";
import { beforeEach, describe, expect, test } from "vitest";
import { leakedBuffers } from "#test-support/liveBuffers.ts";
import { PYTHON, skipWithoutPython } from "#test-support/pythonModule.ts";

import { Session, type TensorSpec } from "../../onnx/src/runtime/session.ts";
import type { HostTensors } from "../src/engine/hostTensor.ts";
import { startingTrees } from "../src/engine/startingTrees.ts";
import type { ExportDescription, ExportedTrainStep } from "../src/export/exportDescription.ts";
import { exportRun } from "../src/export/exportRun.ts";
import { scheduleFactors } from "../src/plan/planSchedule.ts";
import type { RunPlan } from "../src/plan/runPlan.ts";
import { prepareRun } from "../src/prepare/prepareRun.ts";
import { readCheckpoint } from "../src/run/checkpoint/readCheckpoint.ts";
import { trainRun } from "../src/run/trainRun.ts";
import { cli, microPlan, temporaryFolder } from "./support/microRun.ts";

let folder: string;
let out: string;
beforeEach(() => {
  folder = temporaryFolder();
  out = join(folder, "run");
});
const train = (changes: Partial<RunPlan> = {}) => trainRun(microPlan(folder, changes), { out });

const check = (file: string) =>
  spawnSync(
    PYTHON,
    ["-c", "import sys, onnx; onnx.checker.check_model(sys.argv[1], full_check=True)", file],
    { encoding: "utf8" },
  );

type Data = HostTensors[string]["data"];

/** Runs one exported graph as its description says. */
function runGraph(
  file: string,
  { inputs, outputs }: Pick<ExportedTrainStep, "inputs" | "outputs">,
  feed: Readonly<Record<string, Data>>,
): Record<string, Data> {
  const memory = {
    float32: Float32Array,
    float64: Float64Array,
    int32: Int32Array,
    uint32: Uint32Array,
    bool: Uint8Array,
  };
  const results = outputs.map(({ dtype, shape }) => {
    const size = shape.reduce((product, side) => product * side, 1);
    return new memory[dtype as keyof typeof memory](size);
  });
  const session = new Session(readFileSync(file), inputs as TensorSpec[], outputs as TensorSpec[]);
  const bound = session.bind(
    inputs.map(({ name }) => feed[name] ?? expect.unreachable(`there is nothing for ${name}`)),
    results,
  );
  bound.runSync();
  bound.dispose();
  session.dispose();
  return Object.fromEntries(outputs.map(({ name }, i) => [name, results[i] ?? new Float32Array()]));
}

const readMeta = (exported: string) =>
  JSON.parse(readFileSync(join(exported, "meta.json"), "utf8")) as ExportDescription;

function largestDifference(a: Data | undefined, b: Data | undefined): number {
  expect(a?.length).toBe(b?.length);
  return Math.max(0, ...Array.from(a ?? [], (x, i) => Math.abs(x - (b?.[i] ?? Number.NaN))));
}

// mano_v2 alternates between two computations; soap has another first step, but needs what ONNX has not.
describe.each([
  { optimizer: "adamw", graphs: ["train-step.onnx"], cycle: [0] },
  { optimizer: "mano_v2", graphs: ["train-step-0.onnx", "train-step-1.onnx"], cycle: [0, 1] },
])("export of a run with $optimizer", ({ optimizer, graphs, cycle }) => {
  test("the files continue the run as the run continued itself", async () => {
    await train({ optimizer, schedule: "cosine", clip: 0.5 });
    const { folder: exported } = exportRun(out, { step: 4 });
    expect(exported).toBe(join(out, "export", "step-4"));
    const { trainStep: step } = readMeta(exported);
    if (step === undefined) return expect.unreachable("no training step");
    expect(step.graphs.map(({ file }) => file)).toEqual(graphs);
    expect(step.cycle).toEqual(cycle);
    expect(step.nextStep).toBe(4);

    const { batches } = await prepareRun(microPlan(folder, { optimizer }));
    let feed: Record<string, Data> = {};
    for (const [part, file] of Object.entries(step.start)) {
      for (const [path, { data }] of Object.entries(decodeSafetensors(readFileSync(join(exported, file))))) {
        feed[`${part}.${path}`] = data;
      }
    }
    expect(step.inputs.map(({ name }) => name)).toContain("learningRateFactor");
    const factors = scheduleFactors(microPlan(folder, { optimizer, schedule: "cosine" }));
    expect(step.learningRateFactor).toEqual({
      input: "learningRateFactor",
      schedule: "cosine",
      lastStep: factors[3],
    });
    const losses: number[] = [];
    for (let i = 4; i < 6; i++) {
      feed.learningRateFactor = factors.slice(i, i + 1);
      const batch = await batches.train(i);
      feed = { ...feed, tokens: batch.tokens?.data ?? [], targets: batch.targets?.data ?? [] } as typeof feed;
      const graph = step.graphs[step.cycle[i % step.cycle.length] ?? -1];
      const results = runGraph(join(exported, graph?.file ?? ""), step, feed);
      for (const { name, feeds } of step.outputs) {
        const data = results[name];
        if (feeds !== undefined && data !== undefined) feed[feeds] = data;
      }
      losses.push(results.loss?.[0] ?? Number.NaN);
    }
    const { snapshot } = readCheckpoint(join(out, "checkpoints", "step-6"));
    // The run's own graphs have the same nodes; another order of sums would show as 1e-7.
    for (const part of ["params", "state"] as const) {
      for (const [path, { data }] of Object.entries(snapshot[part])) {
        expect(largestDifference(feed[`${part}.${path}`], data), `${part}.${path}`).toBeLessThan(1e-6);
      }
    }
    const logged = readFileSync(join(out, "metrics.jsonl"), "utf8").trim().split("\n");
    const expected = logged.map((line) => JSON.parse(line) as { step: number; loss?: number });
    for (const [i, loss] of losses.entries()) {
      expect(loss).toBeCloseTo(expected.find((line) => line.step === 5 + i)?.loss ?? Number.NaN, 5);
    }
  });
});

test("the step of a finished run trains on, at the rate it is given", async () => {
  await train({ schedule: "linear" }); // its schedule has ended at 0
  const { folder: exported } = exportRun(out, { only: "train-step" });
  const { trainStep: step } = readMeta(exported);
  if (step === undefined) return expect.unreachable("no training step");
  const { batches } = await prepareRun(microPlan(folder));
  const batch = await batches.train(0);
  const feed: Record<string, Data> = {
    tokens: batch.tokens?.data ?? [],
    targets: batch.targets?.data ?? [],
  } as never;
  for (const [part, file] of Object.entries(step.start))
    for (const [path, { data }] of Object.entries(decodeSafetensors(readFileSync(join(exported, file)))))
      feed[`${part}.${path}`] = data;
  const moved = (factor: number): number => {
    const graph = join(exported, step.graphs[0]?.file ?? "");
    const results = runGraph(graph, step, { ...feed, learningRateFactor: new Float32Array([factor]) });
    const [name = ""] = Object.keys(feed).filter((key) => key.startsWith("params."));
    return largestDifference(results[`${name}.next`], feed[name]);
  };
  expect(moved(0)).toBe(0);
  const one = moved(1);
  expect(one).toBeGreaterThan(0);
  expect(moved(0.5) / one).toBeCloseTo(0.5, 2);
});

test("model.onnx computes the logits of the trained model", async () => {
  await train();
  const { folder: exported, description } = exportRun(out, { only: "model", batch: 3 });
  const { model: graph } = description;
  if (graph === undefined) return expect.unreachable("no model");
  expect(description.trainStep).toBeUndefined();
  expect(graph.inputs).toEqual([{ name: "tokens", dtype: "int32", shape: [3, 8] }]);
  const { model, optimizer } = await prepareRun(microPlan(folder));
  if (model.kind !== "language") return expect.unreachable("not a language model");
  const tokens = Int32Array.from({ length: 24 }, (_, i) => (i * 5) % model.vocabSize);
  const { logits } = runGraph(join(exported, graph.file), graph, { tokens });

  const { snapshot } = readCheckpoint(join(out, "checkpoints", "step-6"));
  const { params, state } = startingTrees({ model, optimizer, seed: 0, snapshot, threads: 1 });
  disposeTree(state);
  const expected = await model.apply(params, np.array(tokens, { shape: [3, 8], dtype: np.int32 })).data();
  // Logits are of size 1, sums of at most 64 terms.
  expect(largestDifference(logits, expected as Float32Array)).toBeLessThan(1e-5);
});

test("the files pass onnx.checker", async () => {
  skipWithoutPython("onnx", "an exported run against onnx.checker");
  await train({ optimizer: "muon" });
  const { folder: exported, files } = exportRun(out, { externalData: true });
  expect(files.map(({ name }) => name)).toContain("model.onnx.data");
  for (const { name } of files.filter((file) => file.name.endsWith(".onnx"))) {
    expect(check(join(exported, name)).stderr, name).toBe("");
  }
});

test("the command says what it wrote, and explains it", async () => {
  await train({ steps: 2, optimizer: "mano_v2" });
  const { code, out: lines } = await cli("export", out, "--out", join(folder, "onnx"), "--json");
  expect(code).toBe(0);
  const result = JSON.parse(lines.at(-1) ?? "") as {
    folder: string;
    step: number;
    files: { name: string }[];
  };
  expect(result).toMatchObject({ folder: join(folder, "onnx"), step: 2, optimizer: "mano_v2" });
  expect(result.files.map(({ name }) => name)).toEqual(readdirSync(join(folder, "onnx")));
  const readme = readFileSync(join(folder, "onnx", "README.txt"), "utf8");
  expect(readme).toContain("train-step-0.onnx, train-step-1.onnx");
  expect(readme).toContain("after 2 of 2 steps of mano_v2");
  for (const text of ["learningRateFactor", "import numpy", "onnxruntime-node", "tokens, targets"])
    expect(readme).toContain(text.replace("import numpy", "import json, numpy"));
  // tokenizer.json is the name of Hugging Face's format, which characters have none of
  expect(JSON.parse(readFileSync(join(folder, "onnx", "characters.json"), "utf8"))).toMatchObject({
    name: "characters",
  });
});

describe("what cannot work", () => {
  const fails = async (...argv: string[]): Promise<[number, string]> => {
    const { code, err } = await cli("export", ...argv);
    return [code, err.join("\n").replaceAll(folder, "DIR")];
  };

  test("the command line", async () => {
    expect(await fails()).toEqual([2, "error: export needs the folder of a run: steepest export RUN_DIR"]);
    const message =
      'error: --only must be one of model, train-step, weights, got "modle" (did you mean "model"?)';
    expect(await fails(out, "--only", "modle")).toEqual([2, message]);
    expect(await fails(out, "--step", "x")).toEqual([2, 'error: --step must be a whole number ≥ 0, got "x"']);
    expect(await fails(out, "--batch", "0")).toEqual([
      2,
      'error: --batch must be a whole number ≥ 1, got "0"',
    ]);
  });

  test("a folder that is none of a run, or has no such checkpoint", async () => {
    expect(await fails(folder)).toEqual([1, "error: DIR is no run folder: it has no config.json"]);
    await train();
    expect(await fails(out, "--step", "5")).toEqual([
      1,
      "error: DIR/run/checkpoints has no checkpoint of step 5; there are those of step 4, 6",
    ]);
    writeFileSync(join(out, "checkpoints", "step-6", "params.safetensors"), "x");
    const [code, message] = await fails(out);
    expect(code).toBe(1);
    expect(message).toMatch(/step-6\/params.safetensors is damaged: .*; take another: --step 4$/);
    const fresh = join(folder, "fresh");
    mkdirSync(fresh);
    writeFileSync(join(fresh, "config.json"), readFileSync(join(out, "config.json")));
    expect(await fails(fresh)).toEqual([
      1,
      "error: DIR/fresh has no checkpoint yet: let the run reach one (steepest train --resume DIR/fresh)",
    ]);
  });

  test("a target that is taken keeps what it has; an empty one is used", async () => {
    await train({ steps: 2 });
    expect((await fails(out, "--only", "model"))[0]).toBe(0);
    expect(await fails(out)).toEqual([
      1,
      "error: DIR/run/export/step-2 exists and is not empty: remove it, or choose another folder (--out)",
    ]);
    expect(existsSync(join(out, "export", "step-2", "train-step.onnx"))).toBe(false);
    mkdirSync(join(folder, "empty"));
    expect((await fails(out, "--only", "model", "--out", join(folder, "empty")))[0]).toBe(0);
    const file = join(folder, "text.txt");
    expect(await fails(out, "--out", file)).toEqual([
      1,
      "error: DIR/text.txt is a file: choose another folder (--out)",
    ]);
  });

  test("an optimizer that needs a decomposition: nothing is left behind", async () => {
    await train({ steps: 2, optimizer: "shampoo" });
    const before = readdirSync(out).toSorted();
    const [code, message] = await fails(out);
    expect(code).toBe(1);
    expect(message).toMatch(
      /^error: the training step of shampoo cannot be a file: ".*" has no ONNX operator \(equation \d+ of \d+\); --only model exports the trained model alone$/,
    );
    expect(readdirSync(out).toSorted()).toEqual(before);
    expect((await fails(out, "--only", "model"))[0]).toBe(0);
  });

  test("an optimizer that needs more than the gradient: it says what", async () => {
    await train({ steps: 1, optimizer: "sophia_g" });
    const [code, message] = await fails(out);
    expect(code).toBe(1);
    expect(message).toMatch(
      /^error: the training step of sophia_g cannot be a file: it needs the gradient for labels drawn from the model.*--only model/,
    );
  });
});

test("leaks nothing", async () => {
  await train({ steps: 2 });
  let i = 0;
  expect(await leakedBuffers(() => exportRun(out, { out: join(folder, `export-${i++}`) }))).toBe(0);
});
