import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

import { readConfigFile } from "../src/plan/configFile.ts";
import { scheduleFactors } from "../src/plan/planSchedule.ts";
import { resolvePlan } from "../src/plan/resolvePlan.ts";
import type { RunPlan } from "../src/plan/runPlan.ts";
import { cli, microFlags, temporaryFolder } from "./support/microRun.ts";

/** The plan that a command line makes, from the folder of its run. */
async function planOf(...flags: string[]): Promise<RunPlan> {
  const folder = temporaryFolder();
  const out = join(folder, "run");
  const { code, err } = await cli("train", ...microFlags(folder), "--steps", "1", ...flags, "--out", out);
  expect(err.filter((line) => line.startsWith("error"))).toEqual([]);
  expect(code).toBe(0);
  return JSON.parse(readFileSync(join(out, "config.json"), "utf8")).plan;
}

describe("flags", () => {
  test("options of the optimizer and settings of the model, in every spelling", async () => {
    const flags =
      "--learning-rate=0.1 --no-nesterov --optimizer-steps 3 --momentum 0.5 --tied-head --activation gelu";
    const plan = await planOf(...flags.split(" "));
    expect(plan.optimizerOptions).toMatchObject({
      learningRate: 0.1,
      nesterov: false,
      steps: 3,
      momentum: 0.5,
    });
    expect(plan.modelOptions).toMatchObject({ tiedHead: true, activation: "gelu", width: 16 });
    expect(plan.steps).toBe(1);
  });

  test("a list as a value is JSON", async () => {
    const plan = await planOf("--optimizer", "muon", "--coefficients", "[[3.4445,-4.775,2.0315]]");
    expect(plan.optimizerOptions.coefficients).toEqual([[3.4445, -4.775, 2.0315]]);
  });

  test("win over the config file, which may be that of a run", async () => {
    const folder = temporaryFolder();
    const file = join(folder, "job.json");
    writeFileSync(
      file,
      JSON.stringify({ optimizer: "adamw", optimizerOptions: { b1: 0.5, b2: 0.9 }, seed: 4 }),
    );
    const plan = await planOf("--config", file, "--b2", "0.7");
    expect(plan).toMatchObject({ optimizer: "adamw", optimizerOptions: { b1: 0.5, b2: 0.7 }, seed: 4 });
    writeFileSync(file, JSON.stringify({ plan, environment: {} }));
    const { threads: _, ...again } = await planOf("--config", file);
    expect(again).toMatchObject({ optimizer: "adamw", optimizerOptions: plan.optimizerOptions, seed: 4 });
  });
});

test("options for one optimizer are not given to another that replaces it", () => {
  const config = { optimizer: "muon", optimizerOptions: { nesterov: false } };
  const plan = resolvePlan(config, { optimizer: "adamw" }, { optimizerOptions: { b1: 0.8 } });
  expect(plan.optimizerOptions).toMatchObject({ b1: 0.8 });
  expect(plan.optimizerOptions).not.toHaveProperty("nesterov");
});

test("a plan that was resolved resolves to itself", () => {
  const plan = resolvePlan({ optimizer: "muon", steps: 30, clip: 1 });
  expect(resolvePlan(plan)).toEqual(plan);
  expect(resolvePlan(JSON.parse(JSON.stringify(plan)))).toEqual(plan);
});

describe("the size of a step", () => {
  test("tokens are sequences of the model's context, and the last word counts", () => {
    expect(resolvePlan({ batchTokens: 512 }).batch).toBe(8); // tiny: 64 tokens a sequence
    expect(resolvePlan({ batchTokens: 512, context: 32 })).toMatchObject({ batch: 16, accumulate: 1 });
    expect(resolvePlan({ batchTokens: 512 }, { batch: 3 }).batch).toBe(3);
    expect(resolvePlan({ batch: 3 }, { batchTokens: 512 }).batch).toBe(8);
    expect(resolvePlan({ batchTokens: 512 })).not.toHaveProperty("batchTokens");
  });

  test("what cannot be is refused with what could", () => {
    expect(() => resolvePlan({ batchTokens: 500 })).toThrow(
      "batchTokens must be a multiple of the 64 tokens of a sequence, got 500; take 512",
    );
    expect(() => resolvePlan({ batchTokens: 512, batch: 8 })).toThrow("not both");
    expect(() => resolvePlan({ model: "logistic", batchTokens: 512 })).toThrow("use batch");
    expect(() => resolvePlan({ batch: 10, accumulate: 4 })).toThrow(
      "accumulate must divide the batch: 10 / 4 is not whole; take a batch of 12",
    );
  });

  test("a batch in parts trains as the whole", async () => {
    const plan = await planOf("--batch", "4", "--accumulate", "2");
    expect(plan).toMatchObject({ batch: 4, accumulate: 2 });
  });
});

test("a data path in a config file is relative to the file", () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "job.json"), '{"data": "text.txt"}');
  expect(readConfigFile(join(folder, "job.json")).data).toBe(join(folder, "text.txt"));
});

// By hand, 8 steps, warm-up 2: the first step is 1/2 of the way up, the second is there.
test.each([
  ["constant", [0.5, 1, 1, 1, 1, 1, 1, 1]],
  ["linear", [0.5, 1, 1, 5 / 6, 4 / 6, 3 / 6, 2 / 6, 1 / 6]],
  ["cosine", [0.5, 1, 1, 0.933012702, 0.75, 0.5, 0.25, 0.066987298]],
  ["wsd", [0.5, 1, 1, 1, 1, 1, 1, 0.5]],
  ["inverse-sqrt", [0.5, 1, ...[3, 4, 5, 6, 7, 8].map((t) => Math.sqrt(2 / t))]],
] as const)("schedule %s", (schedule, expected) => {
  const factors = scheduleFactors(resolvePlan({ schedule, steps: 8, warmup: 2 }));
  expect(factors.length).toBe(8);
  for (const [i, factor] of factors.entries()) expect(factor).toBeCloseTo(expected[i] ?? Number.NaN, 6);
});
