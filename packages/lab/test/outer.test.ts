import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { skipUnless } from "#test-support/skipUnless.ts";

import { oneRank } from "../src/collectives/oneRank.ts";
import { outerStep } from "../src/engine/outer/outerStep.ts";
import { resolvePlan } from "../src/plan/resolvePlan.ts";
import { bin, cli, microFlags, temporaryFolder } from "./support/microRun.ts";
import { type Ended, ended, mpirun, openMpi, script } from "./support/mpirun.ts";

const rank = fileURLToPath(new URL("support/outerRank.ts", import.meta.url));

interface Ran {
  readonly losses: readonly number[];
  readonly weights: readonly number[];
  readonly sent: number;
  readonly parameters: number;
  readonly stateOfRanks: readonly number[];
  readonly keys: readonly string[];
}

const worst = (a: readonly number[], b: readonly number[]): number =>
  Math.max(...a.map((x, i) => Math.abs(x - (b[i] ?? Number.NaN))));

test.each([2, 4])("%i ranks: with H = 1, rate 1 and no momentum it is data-parallel SGD", async (size) => {
  skipUnless(openMpi.there, "outer steps in several processes", openMpi.enabledBy);
  const jobs = [
    { optimizer: "sgd" },
    { optimizer: "sgd", every: 1 },
    { optimizer: "sgd", every: 4 },
    { optimizer: "adamw", every: 4, learningRate: 0.7, momentum: 0.9 },
  ];
  const { code, out, err } = await mpirun(openMpi, size, [...script(rank), JSON.stringify(jobs)]);
  expect({ code, err: code === 0 ? "" : err }).toEqual({ code: 0, err: "" });
  const [together, every1, every4, nesterov] = JSON.parse(out.trim()) as Ran[];
  if (!together || !every1 || !every4 || !nesterov) throw new Error("too few results");
  // Means of weights against means of gradients: float32, weights below 4, a rounding or two a step, eight steps.
  expect(worst(every1.weights, together.weights)).toBeLessThan(8 * 4 * 2 ** -23);
  expect(worst(every1.losses, together.losses)).toBeLessThan(1e-5);
  expect(worst(every4.weights, together.weights)).toBeGreaterThan(1e-5);
  // Bytes: a sum and a copy of all weights for every outer step, and nothing else of that size.
  const { parameters } = together;
  expect([together.sent, every1.sent, every4.sent]).toEqual([
    16 * parameters,
    16 * parameters,
    4 * parameters,
  ]);
  // Outer weights and momentum once in all, the optimizer's state on every rank.
  const all = nesterov.stateOfRanks.reduce((a, b) => a + b, 0);
  const inner = nesterov.keys.filter((key) => /^rank0\.state\./.test(key)).length;
  expect(nesterov.keys.filter((key) => /^rank\d+\.state\./.test(key))).toHaveLength(size * inner);
  expect(all).toBeGreaterThanOrEqual(2 * parameters * (size + 1));
  expect(all).toBeLessThan(2 * parameters * (size + 1) + 10 * size);
});

const flags = (folder: string): string[] => [
  ...microFlags(folder).map((word, i, all) => (all[i - 1] === "--batch" ? "4" : word)),
  ...[
    "--optimizer",
    "muon",
    "--threads",
    "1",
    "--checkpoint-every",
    "2",
    "--eval-every",
    "4",
    "--steps",
    "8",
  ],
  ...["--outer-every", "3"],
];
const train = (...argv: string[]): Promise<Ended> => ended(process.execPath, [bin, "train", ...argv]);
const checkpoint = (run: string, step: number) =>
  ["params", "optimizer"].map((name) =>
    readFileSync(join(run, `checkpoints/step-${step}/${name}.safetensors`)).toString("base64"),
  );

test("the command says what it does and resumes bit for bit between two outer steps", async () => {
  skipUnless(openMpi.there, "steepest train --outer-every", openMpi.enabledBy);
  const folder = temporaryFolder();
  const [whole, cut] = [join(folder, "whole"), join(folder, "cut")];
  const first = await train(...flags(folder), "--ranks", "2", "--out", whole);
  expect({ code: first.code, err: first.code === 0 ? "" : first.err }).toEqual({ code: 0, err: "" });
  expect(first.err).toContain("2 ranks over Open MPI");
  expect(first.err).toContain("with an outer step every 3 (learning rate 0.7, momentum 0.9)");
  expect(JSON.parse(readFileSync(join(whole, "config.json"), "utf8"))).toMatchObject({
    plan: { outerEvery: 3, outerLearningRate: 0.7, outerMomentum: 0.9 },
  });
  const keep = ["--keep-checkpoints", "9"];
  expect((await train(...flags(folder), ...keep, "--ranks", "2", "--out", cut)).code).toBe(0);
  for (const from of ["4", "6"]) {
    expect((await train("--resume", cut, "--ranks", "2", "--from-step", from)).code).toBe(0);
    expect(checkpoint(cut, 8)).toEqual(checkpoint(whole, 8));
  }
  rmSync(join(cut, "checkpoints/step-8"), { recursive: true });
  const four = await train("--resume", cut, "--ranks", "4");
  expect(four.code).toBe(1);
  expect(four.err).toMatch(
    /of each of its 2 ranks and cannot go on with 4: take --ranks 2, or begin another run/,
  );
  const alone = await train("--resume", cut);
  expect([alone.code, alone.err]).toEqual([
    2,
    expect.stringMatching(/--outer-every is for several ranks: add --ranks N/),
  ]);
});

test("an outer step is Nesterov's on the mean of the weights", () => {
  const weights = Float32Array.of(1, -2);
  const momentum = Float32Array.of(0.5, 0);
  const params = { w: { dtype: "float32" as const, shape: [2], data: Float32Array.of(0, -1) } };
  const kept = new Map([["w", { weights, momentum }]]);
  outerStep(oneRank, { every: 1, learningRate: 0.5, momentum: 0.5 }, params, { owner: () => 0, kept });
  // Δ = (1, −1), m = (1.25, −1), θ = (1 − 0.5·1.625, −2 + 0.5·1.5)
  expect([...momentum]).toEqual([1.25, -1]);
  expect([...params.w.data]).toEqual([0.1875, -1.25]);
  expect([...weights]).toEqual([...params.w.data]);
});

test("settings of outer steps without outer steps are refused", async () => {
  expect(() => resolvePlan({ outerMomentum: 0.5 })).toThrow(/say with outerEvery how many steps/);
  expect(resolvePlan({ outerEvery: 30, outerMomentum: 0.5 })).toMatchObject({
    outerEvery: 30,
    outerLearningRate: 0.7,
    outerMomentum: 0.5,
  });
  const { code, err } = await cli("train", "--outer-every", "30", "--outer-momentum", "1");
  expect([code, err.at(-1)]).toEqual([
    2,
    expect.stringMatching(/--outer-momentum must be a number ≥ 0 and < 1/),
  ]);
});
