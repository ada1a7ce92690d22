import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";

import { leakedBuffers } from "#test-support/liveBuffers.ts";
import { main } from "../src/cli.ts";
import { compareTracker } from "../src/commands/compareTracker.ts";
import { runFolderName } from "../src/compare/compareFolder.ts";
import { parseContender, parseContenders } from "../src/compare/contender.ts";
import { planComparison } from "../src/compare/planComparison.ts";
import { runInChild } from "../src/compare/runInChild.ts";
import { compareOptimizers } from "../src/report/compareOptimizers.ts";
import { NonFiniteLossError, RunInterruptedError } from "../src/run/runErrors.ts";

const folder = mkdtempSync(join(tmpdir(), "steepest-compare-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const text = join(folder, "text.txt");
writeFileSync(text, "the quick brown fox jumps over the lazy dog. ".repeat(60));
const micro = {
  data: text,
  model: "tiny",
  modelOptions: { depth: 1, width: 8, heads: 1 },
  context: 8,
  batch: 2,
  steps: 4,
  evalEvery: 2,
  evalBatches: 1,
} as const;
const flags =
  "--model tiny --depth 1 --width 8 --heads 1 --context 8 --batch 2 --steps 4 --eval-every 2 --eval-batches 1";
let count = 0;
const fresh = (): string => join(folder, `compare-${++count}`);
const bin = fileURLToPath(new URL("../bin/steepest.js", import.meta.url));

/** Runs a command line in this process. */
async function steepest(...argv: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const code = await main(argv, {
    out: (line) => out.push(line),
    err: (line) => err.push(line),
    interactive: false,
    signal: new AbortController().signal,
    listen: () => {},
  });
  return { code, out, err: err.join("\n") };
}

describe("contenders", () => {
  test("a name, and a name with options", () => {
    expect(parseContender("adamw")).toEqual({ label: "adamw", optimizer: "adamw", options: {} });
    const label = "muon:learningRate=2e-2,nesterov=false,scale=rms,weight-decay=0.1";
    expect(parseContender(label)).toEqual({
      label,
      optimizer: "muon",
      options: { learningRate: 0.02, nesterov: false, scale: "rms", weightDecay: 0.1 },
    });
  });
  test("a comma inside a list is part of the value", () => {
    expect(parseContender("muon:coefficients=[[3.4,-4.8,2.0]],steps=5").options).toEqual({
      coefficients: [[3.4, -4.8, 2]],
      steps: 5,
    });
  });
  test.each([
    ["muom", 'did you mean "muon"'],
    ["muon:learnngRate=1", 'did you mean "learningRate"'],
    ["muon:learningRate", "cannot read"],
    ["muon:learningRate=", "cannot read"],
    ["muon:steps=1,steps=2", "twice"],
    ["", "no optimizer"],
  ])("%s is refused", (written, message) => expect(() => parseContender(written)).toThrow(message));
  test("the same one twice, or none, is refused", () => {
    expect(() => parseContenders(["adamw", "muon", "adamw"])).toThrow('"adamw" is given twice');
    expect(() => parseContenders([])).toThrow("needs optimizers");
    expect(parseContenders(["adamw", "adamw:learningRate=0.1"])).toHaveLength(2);
  });
});

test("plans differ in the optimizer and the seed only; whole comparisons come first", () => {
  const planned = planComparison(parseContenders(["sgd", "muon:learningRate=0.5"]), [3, 4], micro);
  expect(planned.map(({ label, plan }) => [label, plan.seed])).toEqual([
    ["sgd", 3],
    ["muon:learningRate=0.5", 3],
    ["sgd", 4],
    ["muon:learningRate=0.5", 4],
  ]);
  const rest = planned.map(
    ({ plan: { optimizer: _, optimizerOptions: __, rateOrigins: ___, seed: ____, ...same } }) =>
      JSON.stringify(same),
  );
  expect(new Set(rest).size).toBe(1);
  expect(planned[1]?.plan.optimizerOptions).toMatchObject({ learningRate: 0.5, momentum: 0.95 });
  expect(() => planComparison(parseContenders(["sgd:learningRate=-1"]), [0], micro)).toThrow("≥ 0");
});

test("folders of runs are readable and differ", () => {
  const labels = ["muon:a=1", "muon:a/1", "muon-a=1", "adamw"];
  const names = labels.map((label) => runFolderName(label, 0, labels));
  expect(new Set(names).size).toBe(4);
  expect(names[3]).toBe("adamw-seed0");
  for (const name of names) expect(name).toMatch(/^[A-Za-z0-9._=-]+$/);
});

describe("comparing", () => {
  test("two optimizers and two seeds: rows, folders, report", async () => {
    const out = fresh();
    const planned = planComparison(parseContenders(["adamw", "sgd:learningRate=0"]), [0, 1], micro);
    const { rows, report, interrupted } = await compareOptimizers(planned, { out, command: "again" });
    expect(interrupted).toBe(false);
    expect(rows.map(({ label, seed, status }) => [label, seed, status])).toEqual([
      ["adamw", 0, "finished"],
      ["sgd:learningRate=0", 0, "finished"],
      ["adamw", 1, "finished"],
      ["sgd:learningRate=0", 1, "finished"],
    ]);
    const [adamw, still] = rows;
    expect(adamw?.stepsToReference).toBe(4);
    expect(still?.stepsToReference).toBeNull(); // it never moves
    expect(still?.valLoss).toBeGreaterThan(adamw?.valLoss ?? Number.POSITIVE_INFINITY);
    for (const row of rows) expect(existsSync(join(String(row.runDir), "metrics.jsonl"))).toBe(true);
    expect(readdirSync(out).sort()).toEqual([
      "adamw-seed0",
      "adamw-seed1",
      "compare.json",
      "report.html",
      "sgd-learningRate=0-seed0",
      "sgd-learningRate=0-seed1",
    ]);
    const page = readFileSync(report, "utf8");
    expect(page).toContain("again");
    expect(page).toContain("text.txt");
    expect(JSON.parse(readFileSync(join(out, "compare.json"), "utf8")).rows).toEqual(rows);
  });

  test("compare.json has every run that has ended, while others are to come", async () => {
    const out = fresh();
    const counts: number[] = [];
    await compareOptimizers(planComparison(parseContenders(["sgd", "adamw"]), [0], { ...micro, steps: 2 }), {
      out,
      command: "again",
      observe: () => ({
        onRunStart: () => {
          const path = join(out, "compare.json");
          counts.push(existsSync(path) ? JSON.parse(readFileSync(path, "utf8")).rows.length : 0);
        },
      }),
    });
    expect(counts).toEqual([0, 1]);
  });

  test("one that diverges and one that fails leave the others alone", async () => {
    const planned = planComparison(parseContenders(["sgd:learningRate=1e30", "adamw", "muon"]), [0], micro);
    const { rows, report } = await compareOptimizers(planned, {
      out: fresh(),
      command: "again",
      runner: async (plan, io) => {
        if (plan.optimizer === "muon") throw new Error("out of <memory>");
        const { runHere } = await import("../src/compare/runner.ts");
        return runHere(plan, io);
      },
    });
    const [sgd, adamw, muon] = rows;
    expect(sgd).toMatchObject({ status: "diverged", valLoss: null, trainLoss: null });
    expect(sgd?.error).toContain("learning rate");
    expect(sgd?.parameters).toBeGreaterThan(0);
    expect(adamw).toMatchObject({ status: "finished", stepsToReference: null }); // there is nothing to reach
    expect(muon).toMatchObject({ status: "failed", error: "out of <memory>", runDir: null });
    expect(readFileSync(report, "utf8")).toContain("out of &lt;memory&gt;");
  });

  test("the same seed gives the same losses, whoever ran before", async () => {
    const losses = async (...names: string[]) => {
      const planned = planComparison(parseContenders(names), [0], micro);
      const { rows } = await compareOptimizers(planned, { out: fresh(), command: "" });
      return rows.find(({ label }) => label === "muon")?.valLoss;
    };
    expect(await losses("muon")).toBe(await losses("adamw", "muon"));
  });

  test("stops when asked, and reports what there is", async () => {
    const stop = new AbortController();
    const planned = planComparison(parseContenders(["adamw", "sgd", "muon"]), [0], micro);
    const { rows, interrupted, report } = await compareOptimizers(planned, {
      out: fresh(),
      command: "",
      signal: stop.signal,
      observe: () => ({ onRunStart: ({ label }) => label === "sgd" && stop.abort() }),
    });
    expect(interrupted).toBe(true);
    expect(rows.map(({ label, status }) => [label, status])).toEqual([
      ["adamw", "finished"],
      ["sgd", "interrupted"],
    ]);
    expect(existsSync(report)).toBe(true);
  });

  test("data that is not there, or a folder in use: nothing is written", async () => {
    const planned = planComparison(parseContenders(["adamw"]), [0], {
      ...micro,
      data: join(folder, "none.txt"),
    });
    const out = fresh();
    await expect(compareOptimizers(planned, { out, command: "" })).rejects.toThrow("none.txt");
    expect(existsSync(out)).toBe(false);
    const used = fresh();
    mkdirSync(used);
    writeFileSync(join(used, "mine"), "");
    const good = planComparison(parseContenders(["adamw"]), [0], micro);
    await expect(compareOptimizers(good, { out: used, command: "" })).rejects.toThrow("not empty");
    expect(readdirSync(used)).toEqual(["mine"]);
  });

  test("leaks no arrays", async () => {
    const planned = planComparison(parseContenders(["adamw", "muon"]), [0], { ...micro, steps: 2 });
    expect(await leakedBuffers(() => compareOptimizers(planned, { out: fresh(), command: "" }))).toBe(0);
  });
});

describe("a run in a process of its own", () => {
  const run = (spec: string, signal?: AbortSignal, steps = 3) => {
    const [planned] = planComparison([parseContender(spec)], [0], { ...micro, steps });
    if (planned === undefined) throw new Error("nothing planned");
    const seen: number[] = [];
    const observer = { onStep: ({ step }: { step: number }) => void seen.push(step) };
    const result = runInChild(bin)(planned.plan, { out: fresh(), observer, ...(signal && { signal }) });
    return { result, seen };
  };
  test("reports its steps and its result", async () => {
    const { result, seen } = run("adamw");
    const { steps, curves, peakRssBytes } = await result;
    expect(steps).toBe(3);
    expect(seen).toEqual([1, 2, 3]);
    expect(curves.train.map(({ step }) => step)).toEqual([1, 2, 3]);
    expect(peakRssBytes).toBeGreaterThan(50e6); // Node alone is about 40 MB
  });
  test("a divergence is the same error as here, a stop too", async () => {
    const diverged = await run("sgd:learningRate=1e30").result.catch((error: unknown) => error);
    expect(diverged).toBeInstanceOf(NonFiniteLossError);
    expect((diverged as Error).message).toMatch(/^step \d+: the loss is/);
  });
  test("a stop is the same error as here, before the first step and after it", async () => {
    await expect(run("adamw", AbortSignal.abort(), 500).result).rejects.toMatchObject({
      name: "RunInterruptedError",
      step: 0,
    });
    const stop = new AbortController();
    const { result, seen } = run("adamw", stop.signal, 100_000);
    const stopping = setInterval(() => seen.length > 0 && stop.abort(), 1);
    const error = await result.catch((reason: unknown) => reason);
    clearInterval(stopping);
    expect(error).toBeInstanceOf(RunInterruptedError);
    expect(error).toMatchObject({ step: seen.at(-1) });
  });
});

describe("the command", () => {
  test("--json: rows of the documented shape, and the report", async () => {
    const out = fresh();
    const { code, out: lines } = await steepest(
      "compare",
      "adamw",
      "muon",
      ...flags.split(" "),
      "--data",
      text,
      "--seeds",
      "0,1",
      "--out",
      out,
      "--json",
    );
    expect(code).toBe(0);
    const { rows, report } = JSON.parse(lines.at(-1) ?? "");
    expect(report).toBe(join(out, "report.html"));
    expect(rows).toHaveLength(4);
    for (const row of rows) {
      expect(typeof row.optimizer).toBe("string");
      expect(typeof row.runDir).toBe("string");
      for (const name of [
        "seed",
        "steps",
        "trainLoss",
        "valLoss",
        "msPerStep",
        "tokensPerSecond",
        "optimizerShare",
        "stateFloats",
        "peakRssBytes",
      ]) {
        expect(row[name], name).toEqual(expect.any(Number));
      }
    }
    const page = readFileSync(report, "utf8");
    expect(page).toContain(`npx steepest compare adamw muon --model tiny --data ${text} --steps 4`);
    expect(page).toContain("--seeds 0,1");
    expect(page).toContain("--depth 1");
  });

  test("a table, and exit code 1 when a run does not finish", async () => {
    const { code, out, err } = await steepest(
      "compare",
      "adamw",
      "sgd:learningRate=1e30",
      ...flags.split(" "),
      "--data",
      text,
      "--out",
      fresh(),
    );
    expect(code).toBe(1);
    expect(out.join("\n")).toMatch(/^adamw\s+\d\.\d{4}/m);
    expect(out.join("\n")).toContain("✗");
    expect(err).toContain("error: 1 of 2 runs did not finish: sgd:learningRate=1e30 with seed 0");
  });

  test.each([
    [["muom"], 'did you mean "muon"'],
    [[], "needs optimizers"],
    [["adamw", "adamw"], "twice"],
    [["adamw", "--learning-rate", "1"], "is for one optimizer"],
    [["adamw", "--seed", "0", "--seeds", "0,1"], "do not go together"],
    [["adamw", "--seeds", "0,1.5"], "whole numbers"],
    [["adamw", "--seeds", "1,1"], "twice"],
    [["adamw", "--depht", "1"], 'did you mean "--depth"'],
    [["adamw:weightDecay=-1"], "weightDecay must be"],
  ])("compare %j is a usage error", async (args, message) => {
    const { code, err, out } = await steepest("compare", ...args, "--out", join(folder, "never"));
    expect(code).toBe(2);
    expect(err).toContain(message);
    expect(out).toEqual([]);
    expect(existsSync(join(folder, "never"))).toBe(false);
  });
});

test("the tracker follows seeds, and what a stopped run did not do is not left", () => {
  let clock = 0;
  const planned = planComparison(parseContenders(["adamw", "sgd"]), [0, 1], { ...micro, steps: 10 });
  const { observer, progress } = compareTracker(planned, () => clock);
  const [first, , again] = planned;
  if (first === undefined || again === undefined) throw new Error("nothing planned");
  expect(progress().map(({ state, done, steps }) => [state, done, steps])).toEqual([
    ["waiting", 0, 20],
    ["waiting", 0, 20],
  ]);
  observer.onRunStart?.(first);
  clock = 500;
  observer.onEval?.(first, 0, 9); // before the first step: not beside the losses of later ones
  for (const step of [1, 2, 3, 4, 5])
    observer.onStep?.(first, { step, loss: 3, ms: 100, seconds: 0.5, tokens: 80 }, 16);
  expect(progress()[0]).not.toHaveProperty("valLoss");
  observer.onEval?.(first, 5, 4);
  expect(progress()[0]).toEqual({
    speedUnit: "tok/s",
    label: "adamw",
    state: "running",
    done: 5,
    steps: 20,
    elapsedMs: 500,
    trainLoss: 3,
    valLoss: 4,
    tokensPerSecond: 160,
  });
  const row = { status: "diverged" } as Parameters<NonNullable<typeof observer.onRunEnd>>[1];
  observer.onRunEnd?.(first, row);
  expect(progress()[0]).toMatchObject({ state: "waiting", done: 5, steps: 15, elapsedMs: 500 });
  observer.onRunStart?.(again);
  observer.onRunEnd?.(again, row);
  expect(progress()[0]).toMatchObject({ state: "stopped", done: 5, steps: 5 });
});
