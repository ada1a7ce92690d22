import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { sha256 } from "@steepest/models/node";
import { expect, test } from "vitest";

import { parseContenders } from "../src/compare/contender.ts";
import { type PlannedRun, planComparison } from "../src/compare/planComparison.ts";
import { runHere } from "../src/compare/runner.ts";
import { runsAtOnce } from "../src/compare/runsAtOnce.ts";
import { lockFolder } from "../src/files/folderLock.ts";
import { removeAbandonedLock } from "../src/files/removeAbandonedLock.ts";
import { compareOptimizers, resumeComparison } from "../src/report/compareOptimizers.ts";
import { bin, cli, microPlan, temporaryFolder } from "./support/microRun.ts";

const STEPS = 6;

const plannedIn = (folder: string): PlannedRun[] => {
  const { optimizer: _, optimizerOptions: __, rateOrigins: ___, ...job } = microPlan(folder);
  return planComparison(parseContenders(["sgd", "adamw", "sgd:learningRate=1e30"]), [0], {
    ...job,
    steps: STEPS,
  });
};

/** What every run came to: its status, its losses and the weights at its end. */
function outcome(folder: string): unknown {
  const { rows } = JSON.parse(readFileSync(join(folder, "compare.json"), "utf8"));
  return rows.map(
    ({ label, seed, status, steps, trainLoss, valLoss, stepsToReference }: Record<string, unknown>) => {
      const run =
        readdirSync(folder).find((name) => name === `${String(label).replace(/:/, "-")}-seed${seed}`) ?? "";
      const metrics = readFileSync(join(folder, run, "metrics.jsonl"), "utf8").replace(
        /"(ms|seconds)":[^,}]*/g,
        "",
      );
      const last = join(folder, run, "checkpoints", `step-${STEPS}`, "params.safetensors");
      const weights = existsSync(last) ? readFileSync(last, "hex") : undefined;
      return { label, status, steps, trainLoss, valLoss, stepsToReference, metrics, weights };
    },
  );
}

/** Files that only work on its way has. */
const leftovers = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) =>
    /\.part$|\.tmp$|\.lock/.test(path),
  );

test("a comparison stopped inside a run goes on as if it had never stopped", async () => {
  const folder = temporaryFolder();
  const [whole, stopped] = [join(folder, "whole"), join(folder, "stopped")];
  await compareOptimizers(plannedIn(folder), { out: whole, command: "again" });
  const stop = new AbortController();
  const { rows, interrupted } = await compareOptimizers(plannedIn(folder), {
    out: stopped,
    command: "again",
    signal: stop.signal,
    observe: () => ({ onStep: ({ label }, { step }) => label === "adamw" && step === 3 && stop.abort() }),
  });
  expect(interrupted).toBe(true);
  expect(rows.map(({ status, steps }) => [status, steps])).toEqual([
    ["finished", STEPS],
    ["interrupted", 3],
  ]);
  const begun: [string, number][] = [];
  const kept: string[] = [];
  const again = await resumeComparison(stopped, {
    observe: () => ({
      onRunKept: ({ label }) => kept.push(label),
      onStep: ({ label }, { step }) => begun.push([label, step]),
    }),
  });
  expect(again.interrupted).toBe(false);
  expect(kept).toEqual(["sgd"]);
  expect(begun.slice(0, 3)).toEqual([
    ["adamw", 4],
    ["adamw", 5],
    ["adamw", 6],
  ]);
  expect(outcome(stopped)).toEqual(outcome(whole));
  expect(leftovers(stopped)).toEqual([]);

  // Whatever a kill left: a run whose row was never written, one without its config.
  const path = join(stopped, "compare.json");
  const state = JSON.parse(readFileSync(path, "utf8"));
  writeFileSync(path, JSON.stringify({ ...state, rows: [] }));
  const here = sha256(hostname()).slice(0, 8);
  const gone = spawnSync(process.execPath, ["--version"]).pid;
  const [first = ""] = readdirSync(stopped).filter((name) => name.startsWith("adamw"));
  for (const name of readdirSync(join(stopped, first)))
    rmSync(join(stopped, first, name), { recursive: true });
  writeFileSync(join(stopped, first, `config.json.${here}-${gone}-00000000.part`), "{");
  await resumeComparison(stopped, {});
  expect(outcome(stopped)).toEqual(outcome(whole));
  expect(leftovers(stopped)).toEqual([]);
});

test("a run that failed is tried again, one that diverged is kept", async () => {
  const folder = temporaryFolder();
  const out = join(folder, "out");
  const { rows } = await compareOptimizers(plannedIn(folder), {
    out,
    command: "again",
    runner: (plan, io) => {
      if (plan.optimizer === "adamw") throw new Error("killed");
      return runHere(plan, io);
    },
  });
  expect(rows.map(({ status }) => status)).toEqual(["finished", "failed", "diverged"]);
  const { code, err } = await cli("compare", "--resume", out, "--json");
  expect(code).toBe(1); // of the run that diverged
  expect(err[0]).toBe("2 of 3 runs are kept as they are");
  expect(err[1]).toBe("tried again, since it failed: adamw with seed 0");
  const again = JSON.parse(readFileSync(join(out, "compare.json"), "utf8"));
  expect(again.rows.map(({ status }: { status: string }) => status)).toEqual([
    "finished",
    "finished",
    "diverged",
  ]);
});

test("the lock of a run that was killed when all was done but that is swept, by comparisons and sweeps", async () => {
  const folder = temporaryFolder();
  const out = join(folder, "out");
  await compareOptimizers(plannedIn(folder), { out, command: "again" });
  const abandon = (): void => {
    const owner = { pid: 2 ** 22 + 1, host: hostname(), since: new Date().toISOString() }; // beyond Linux's largest
    writeFileSync(join(out, "sgd-seed0", ".lock"), `${JSON.stringify(owner)}\n`);
  };
  abandon();
  await resumeComparison(out, {});
  expect(leftovers(out)).toEqual([]);
  abandon();
  removeAbandonedLock(join(out, "sgd-seed0"));
  expect(leftovers(out)).toEqual([]);
  const lock = lockFolder(join(out, "sgd-seed0"), "run folder");
  removeAbandonedLock(join(out, "sgd-seed0"));
  expect(() => lock.expectHeld()).not.toThrow();
  lock.release();
});

test("a resume waits for a run whose process outlived its comparison", async () => {
  const folder = temporaryFolder();
  const out = join(folder, "out");
  await compareOptimizers(plannedIn(folder), { out, command: "again" });
  const path = join(out, "compare.json");
  writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, "utf8")), rows: [] }));
  const lock = lockFolder(join(out, "sgd-seed0"), "run folder");
  const said: string[] = [];
  const resumed = await resumeComparison(out, {
    observe: () => ({
      onPrepare: (_, line) => {
        said.push(line);
        lock.release();
      },
    }),
  });
  expect(said[0]).toMatch(/^waiting for process \d+ on .*, which still writes into \S+sgd-seed0$/);
  expect(resumed.rows.map(({ status }) => status)).toEqual(["finished", "finished", "diverged"]);
});

test("a process that dies while it is asked to stop has not failed", async () => {
  const folder = temporaryFolder();
  const stop = new AbortController();
  const { rows, interrupted } = await compareOptimizers(plannedIn(folder), {
    out: join(folder, "out"),
    command: "again",
    signal: stop.signal,
    runner: async () => {
      stop.abort();
      throw new Error("the process of this run was ended by SIGHUP");
    },
  });
  expect(interrupted).toBe(true);
  expect(rows.map(({ status, steps }) => [status, steps])).toEqual([["interrupted", 0]]);
});

test("a search for rates that was stopped keeps the runs it made", async () => {
  const folder = temporaryFolder();
  const planned = planComparison(parseContenders(["sgd"]), [0], {
    model: "quadratic",
    data: "none",
    steps: 40,
    evalEvery: 40,
  });
  const [whole, stopped] = [join(folder, "whole"), join(folder, "stopped")];
  const found = await compareOptimizers(planned, { out: whole, command: "", tune: true });
  const stop = new AbortController();
  const lines: string[] = [];
  const report = (line: string): void => {
    lines.push(line);
    if (lines.length === 3) stop.abort();
  };
  await expect(
    compareOptimizers(planned, { out: stopped, command: "", tune: true, report, signal: stop.signal }),
  ).rejects.toThrow(
    /^stopped: 3 runs of the search for rates are kept; go on with: steepest compare --resume \S+$/,
  );
  const again = await resumeComparison(stopped, { report: (line) => lines.push(line) });
  expect(lines.filter((line) => line.endsWith("(made before)"))).toHaveLength(3);
  expect(again.remarks).toEqual(found.remarks);
  expect(again.rows[0]?.valLoss).toBe(found.rows[0]?.valLoss);
});

test.each([
  ["{}", "is damaged"],
  ["[".repeat(100_000), "is damaged: it is not JSON"],
  ['{"format": 2}', "was written by a newer version of steepest (format 2"],
])("a compare.json of %.10s… is a sentence", async (content, sentence) => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "compare.json"), content);
  const { code, err } = await cli("compare", "--resume", folder);
  expect(code).toBe(1);
  expect(err.join("\n")).toContain(sentence);
  expect(err).toHaveLength(1);
});

test("what does not go with --resume is said; a folder of something else, too", async () => {
  const folder = temporaryFolder();
  expect((await cli("compare", "--resume", folder)).err).toEqual([
    `error: ${folder} is no folder of a comparison: it has no compare.json`,
  ]);
  const { code, err } = await cli("compare", "adamw", "--resume", folder);
  expect(code).toBe(2);
  expect(err.at(-1)).toMatch(/^error: adamw does not go with --resume/);
  expect((await cli("compare", "--resume", folder, "--steps", "3")).err.at(-1)).toMatch(
    /^error: --steps does not/,
  );
});

test("cores are shared out among the runs at once", () => {
  const shares = (asked: number | undefined, threads: number | undefined, runs = 8, cores = 8) =>
    Object.values(runsAtOnce({ asked, threads, runs, cores }));
  expect(shares(undefined, undefined)).toEqual([1, undefined]);
  expect(shares(undefined, 2)).toEqual([4, 2]);
  expect(shares(undefined, 16)).toEqual([1, 16]);
  expect(shares(3, undefined)).toEqual([3, 2]);
  expect(shares(16, undefined)).toEqual([8, 1]);
  expect(shares(2, 1)).toEqual([2, 1]);
  expect(shares(undefined, 1, 2)).toEqual([2, 1]);
});

test("a comparison goes on with as many runs at once as it began with", () => {
  const out = join(temporaryFolder(), "pair");
  const job = ["sgd", "adamw", "--model", "quadratic", "--steps", "2", "--parallel", "2", "--out", out];
  const run = (...argv: string[]): string =>
    spawnSync(process.execPath, [bin, "compare", ...argv], { encoding: "utf8" }).stderr;
  run(...job);
  expect(run("--resume", out)).toContain("2 runs at once");
  expect(run("--resume", out, "--parallel", "1")).not.toContain("runs at once");
});
