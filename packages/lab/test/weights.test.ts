import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { createModel } from "@steepest/models";
import { createOptimizer } from "steepest";
import { beforeEach, expect, test } from "vitest";
import { toHost } from "../src/engine/arrays.ts";
import { startingTrees } from "../src/engine/startingTrees.ts";
import { resolvePlan } from "../src/plan/resolvePlan.ts";
import { expectEnoughMemory, trainingBytes } from "../src/prepare/expectEnoughMemory.ts";
import { prepareRun } from "../src/prepare/prepareRun.ts";
import { readCheckpoint } from "../src/run/checkpoint/readCheckpoint.ts";
import { resumeRun } from "../src/run/resumeRun.ts";
import { trainRun } from "../src/run/trainRun.ts";
import { cli, microFlags, microPlan, temporaryFolder } from "./support/microRun.ts";

let folder: string;
let out: string;
beforeEach(() => {
  folder = temporaryFolder();
  out = join(folder, "run");
});

test("a run starts from the weights it is given, with the optimizer's state anew", async () => {
  const first = await trainRun(microPlan(folder), { out });
  const weights = join(out, "checkpoints", "step-6", "params.safetensors");
  const plan = microPlan(folder, { weights, optimizer: "scion" }); // scion would like other values
  const { model, optimizer } = await prepareRun(plan);
  const { params } = startingTrees({ model, optimizer, seed: 9, threads: 1 });
  const { snapshot } = readCheckpoint(join(out, "checkpoints", "step-6"));
  expect(await toHost(params)).toEqual(snapshot.params);

  const second = await trainRun(plan, { out: join(folder, "second") });
  expect(second.curves.validation[0]?.loss).toBeCloseTo(first.valLoss, 6);
  // Goes on from its checkpoint, and does not need the weights any more.
  expect((await resumeRun(join(folder, "second"), { fromStep: 4 })).valLoss).toBe(second.valLoss);
});

test("weights of another model, or none", async () => {
  await trainRun(microPlan(folder, { steps: 2 }), { out });
  const weights = join(out, "checkpoints", "step-2", "params.safetensors");
  const fails = async (...flags: string[]) => {
    const { code, err } = await cli("train", ...microFlags(folder), ...flags, "--out", join(folder, "other"));
    return [code, err.at(-1)];
  };
  const deeper = await fails("--weights", weights, "--depth", "2");
  expect(deeper).toEqual([2, expect.stringMatching(/config\.json says depth 1 \(here 2\)/)]);
  const bare = join(folder, "bare.safetensors"); // with no word on the model
  copyFileSync(weights, bare);
  const missing = await fails("--weights", bare, "--depth", "2");
  expect(missing).toEqual([1, expect.stringMatching(/blocks\.1\./)]);
  const none = await fails("--weights", join(folder, "no.safetensors"));
  expect(none).toEqual([1, expect.stringMatching(/no\.safetensors/)]);
});

test("bytes of parameters, state and gradients, and a sentence where they do not fit", () => {
  const model = createModel("llama-130m", {});
  const plan = resolvePlan({ model: "llama-130m", optimizer: "adamw" });
  const optimizer = createOptimizer("adamw", { learningRate: 1e-3 });
  for (const [engine, copies] of [
    ["onnx", 1],
    ["jax", 2], // jax-js makes a new copy beside the old one
  ] as const) {
    const { parameters, state, gradients } = trainingBytes(model, optimizer, engine);
    expect(parameters).toBe(4 * copies * model.parameterCount);
    expect(gradients).toBe(4 * model.parameterCount);
    // two averages, and counts
    expect(Math.abs(state / (8 * copies * model.parameterCount) - 1)).toBeLessThan(1e-6);
  }
  const check = (memory: number) => () => expectEnoughMemory(plan, model, optimizer, memory);
  check(4e9)();
  expect(check(2e9)).toThrow(
    /^llama-130m with adamw needs at least 2\.0 GiB and this machine has 1\.9 GiB: 134,105,856 parameters take 512 MiB, the optimizer's state 1023 MiB, gradients 512 MiB, and activations come on top; take a smaller model/,
  );
});
