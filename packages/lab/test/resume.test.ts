import { type ChildProcess, spawn } from "node:child_process";
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { describe, expect, test } from "vitest";

import { readMetrics } from "../src/run/metricsLog.ts";
import { resumeRun } from "../src/run/resumeRun.ts";
import { trainRun } from "../src/run/trainRun.ts";
import { bin, cli, microFlags, microPlan, temporaryFolder } from "./support/microRun.ts";

const start = (...argv: string[]): ChildProcess =>
  spawn(process.execPath, [bin, ...argv], { stdio: ["ignore", "ignore", "pipe"] });

/** Exit code and signal of a process. */
const ended = (child: ChildProcess): Promise<[number | null, string | null]> =>
  new Promise((resolve) => child.on("exit", (code, signal) => resolve([code, signal])));

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await setTimeout(5);
}

/** All files of a checkpoint. */
function checkpointBytes(run: string, step: number): Record<string, string> {
  const folder = join(run, "checkpoints", `step-${step}`);
  return Object.fromEntries(
    ["params.safetensors", "optimizer.safetensors"].map((name) => [
      name,
      readFileSync(join(folder, name), "hex"),
    ]),
  );
}

/** What a run computed, without how long it took. */
const losses = (run: string): unknown[] =>
  readMetrics(run).map(({ step, loss, gradNorm, valLoss, tokens }) => ({
    step,
    loss,
    gradNorm,
    valLoss,
    tokens,
  }));

// muon: two groups with momentum and counts in the state. mano_v2: two phases. 9 steps between checkpoints: both.
test.each([
  ["muon", "onnx"],
  ["mano_v2", "jax"],
])("%s on %s: kill -9, resume, and every byte is that of an uninterrupted run", async (name, engine) => {
  const folder = temporaryFolder();
  const [whole, killed] = [join(folder, "whole"), join(folder, "killed")];
  const flags = [
    "--optimizer",
    name,
    "--engine",
    engine,
    ...microFlags(folder),
    "--steps",
    "45",
    "--checkpoint-every",
    "9",
    "--eval-every",
    "4",
  ];
  expect((await cli("train", ...flags, "--out", whole)).code).toBe(0);

  const child = start("train", ...flags, "--out", killed);
  await until(() => existsSync(join(killed, "checkpoints", "step-9")));
  child.kill("SIGKILL");
  expect(await ended(child)).toEqual([null, "SIGKILL"]);
  expect(existsSync(join(killed, "summary.json"))).toBe(false);
  // What a kill in the middle of a line and of a checkpoint leaves behind.
  appendFileSync(join(killed, "metrics.jsonl"), '{"step":19,"lo');
  mkdirSync(join(killed, "checkpoints", ".step-45.1.tmp"));

  expect(await cli("train", "--resume", killed, "--json")).toMatchObject({ code: 0 });
  expect(checkpointBytes(killed, 45)).toEqual(checkpointBytes(whole, 45));
  expect(losses(killed)).toEqual(losses(whole));
  expect(losses(killed).length).toBe(46);
  expect(readdirSync(join(killed, "checkpoints")).sort()).toEqual(["step-36", "step-45"]);
});

test("a run killed before its first checkpoint starts again when resumed", async () => {
  const folder = temporaryFolder();
  const [whole, killed] = [join(folder, "whole"), join(folder, "killed")];
  await cli("train", ...microFlags(folder), "--steps", "4", "--out", whole);
  mkdirSync(killed);
  cpSync(join(whole, "config.json"), join(killed, "config.json"));
  writeFileSync(
    join(killed, "metrics.jsonl"),
    readFileSync(join(whole, "metrics.jsonl"), "utf8").slice(0, 300),
  );
  expect((await cli("train", "--resume", killed)).code).toBe(0);
  expect(losses(killed)).toEqual(losses(whole));
  expect(checkpointBytes(killed, 4)).toEqual(checkpointBytes(whole, 4));
});

test("a finished run is not made again", async () => {
  const folder = temporaryFolder();
  const out = join(folder, "run");
  const made = await cli("train", ...microFlags(folder), "--steps", "4", "--out", out, "--json");
  const before = readFileSync(join(out, "metrics.jsonl"), "utf8");
  const again = await cli("train", "--resume", out, "--json");
  expect(JSON.parse(again.out.at(-1) ?? "")).toEqual(JSON.parse(made.out.at(-1) ?? ""));
  expect(readFileSync(join(out, "metrics.jsonl"), "utf8")).toBe(before);
});

test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
  "%s finishes the step, writes a checkpoint and says how to go on; exit code 130",
  async (signal) => {
    const folder = temporaryFolder();
    const out = join(folder, "run");
    const child = start("train", ...microFlags(folder), "--steps", "100000", "--out", out);
    let said = "";
    child.stderr?.on("data", (data) => {
      said += data;
    });
    await until(() => readMetricsLength(out) > 3);
    child.kill(signal);
    expect(await ended(child)).toEqual([130, null]);
    expect(said).toMatch(/stopped after step (\d+); go on with: steepest train --resume \S+run\n$/);
    const step = Number(/stopped after step (\d+)/.exec(said)?.[1]);
    expect(readdirSync(join(out, "checkpoints"))).toContain(`step-${step}`);
    expect(readMetrics(out).at(-1)?.step).toBe(step);
  },
);

const readMetricsLength = (run: string): number =>
  existsSync(join(run, "metrics.jsonl")) ? readMetrics(run).length : 0;

test("a damaged checkpoint is an error with its name; an earlier one only when told", async () => {
  const folder = temporaryFolder();
  const out = join(folder, "run");
  await cli("train", ...microFlags(folder), "--steps", "8", "--checkpoint-every", "4", "--out", out);
  const whole = checkpointBytes(out, 8);
  const file = join(out, "checkpoints", "step-8", "params.safetensors");
  writeFileSync(file, readFileSync(file).subarray(0, 500));

  const refused = await cli("train", "--resume", out);
  expect(refused.code).toBe(1);
  expect(refused.err.at(-1)).toMatch(
    /^error: checkpoint file .*step-8\/params\.safetensors is damaged: it should have \d+ bytes; continue from the one before with --from-step 4$/,
  );
  expect((await cli("train", "--resume", out, "--from-step", "5")).err.at(-1)).toMatch(
    /has no checkpoint of step 5; there are those of step 4, 8$/,
  );
  expect((await cli("train", "--resume", out, "--from-step", "4")).code).toBe(0);
  expect(checkpointBytes(out, 8)).toEqual(whole);
});

test("another text than at the start is refused", async () => {
  const folder = temporaryFolder();
  const out = join(folder, "run");
  await cli("train", ...microFlags(folder), "--steps", "4", "--checkpoint-every", "2", "--out", out);
  appendFileSync(join(folder, "text.txt"), " and more");
  const refused = await cli("train", "--resume", out, "--from-step", "2");
  expect(refused).toMatchObject({ code: 1 });
  expect(refused.err.at(-1)).toMatch(/^error: the data .*text\.txt have changed since .*run began/);
});

describe("what a resume makes of a damaged folder", () => {
  const made = async () => {
    const folder = temporaryFolder();
    const out = join(folder, "run");
    await trainRun(microPlan(folder), { out });
    return { out, log: join(out, "metrics.jsonl") };
  };
  const resume = async (out: string): Promise<string[]> => {
    const said: string[] = [];
    await resumeRun(out, { fromStep: 4, observer: { onPrepare: (line) => said.push(line) } });
    return said;
  };
  const steps = (out: string): number[] => readMetrics(out).map(({ step }) => step);

  test("one damaged byte costs one line of the metrics", async () => {
    const { out, log } = await made();
    const bytes = readFileSync(log);
    bytes[bytes.indexOf('{"step":2')] = 0;
    writeFileSync(log, bytes);
    expect((await resume(out)).join()).toMatch(/metrics\.jsonl has lost 1 of its lines, .* of step 2/);
    expect(steps(out)).toEqual([0, 1, 3, 4, 5, 6]);
  });

  test("other versions than at the start are named", async () => {
    const { out } = await made();
    expect(await resume(out)).toEqual([]);
    const path = join(out, "config.json");
    const config = JSON.parse(readFileSync(path, "utf8"));
    writeFileSync(path, JSON.stringify({ ...config, environment: { ...config.environment, node: "1.0.0" } }));
    expect((await resume(out)).join()).toMatch(/began with other versions \(node 1\.0\.0, now \d/);
  });

  test("a model's settings are those of the start, whatever the defaults are now", async () => {
    const out = join(temporaryFolder(), "run");
    const folder = temporaryFolder();
    const plan = microPlan(folder, {
      modelOptions: { width: 16, depth: 1, heads: 2, hiddenWidth: 24, activation: "gelu" },
    });
    const whole = await trainRun(plan, { out });
    const path = join(out, "config.json");
    const config = JSON.parse(readFileSync(path, "utf8"));
    // As if both had been defaults then.
    const modelOptions = { width: 16, depth: 1, heads: 2 };
    writeFileSync(path, JSON.stringify({ ...config, plan: { ...config.plan, modelOptions } }));
    const again = await resumeRun(out, { fromStep: 4 });
    expect(again.valLoss).toBe(whole.valLoss);
    expect(again.parameters).toBe(whole.parameters);
  });

  test("lost metrics are not invented", async () => {
    const { out, log } = await made();
    rmSync(log);
    expect((await resume(out)).join()).toMatch(/has lost 5 of its lines/);
    expect(steps(out)).toEqual([5, 6]);
  });

  test("lost checkpoints are an error, and the metrics stay", async () => {
    const { out, log } = await made();
    const before = readFileSync(log, "utf8");
    rmSync(join(out, "checkpoints"), { recursive: true });
    await expect(resumeRun(out)).rejects.toThrow(/has no checkpoints, though its metrics go to step 6/);
    expect(readFileSync(log, "utf8")).toBe(before);
  });
});
