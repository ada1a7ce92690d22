import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, test } from "vitest";

import { joinRuns } from "../src/compare/joinRuns.ts";
import { readRunFolder } from "../src/compare/readRunFolder.ts";
import { readMetrics } from "../src/run/metricsLog.ts";
import { resumeRun } from "../src/run/resumeRun.ts";
import { trainRun } from "../src/run/trainRun.ts";
import { cli, microFlags, microPlan, temporaryFolder } from "./support/microRun.ts";

test("train leaves a report; a comparison's is rebuilt from its folder, wherever that is, without the data", async () => {
  const folder = temporaryFolder();
  const [run, compare] = [join(folder, "run"), join(folder, "compare")];
  const flags = [...microFlags(folder), "--steps", "3"];
  const made = await cli("train", "--optimizer", "sgd", ...flags, "--out", run);
  expect(made.out.at(-1)).toBe(`report:     ${join(run, "report.html")}`);
  const page = readFileSync(join(run, "report.html"), "utf8");
  expect(page).toContain("steepest train");
  expect(page).toContain("sgd ended at a validation loss of");

  await cli("compare", "sgd", "adamw", ...flags, "--out", compare);
  const before = readFileSync(join(compare, "report.html"), "utf8");
  const moved = join(folder, "moved");
  renameSync(compare, moved);
  rmSync(join(moved, "report.html"));
  rmSync(join(folder, "text.txt"));
  expect(await cli("report", moved)).toMatchObject({ code: 0, err: [] });
  expect(readFileSync(join(moved, "report.html"), "utf8")).toBe(before.replaceAll(compare, moved));

  const joined = join(folder, "joined");
  const { code, out } = await cli("report", moved, run, "--out", joined, "--json");
  expect(code).toBe(0);
  const { rows, report } = JSON.parse(out.at(-1) ?? "");
  expect(report).toBe(join(joined, "report.html"));
  // sgd of the run is the comparison's once more.
  expect(rows.map(({ label }: { label: string }) => label)).toEqual(["sgd", "adamw"]);
  expect(readFileSync(report, "utf8")).toContain(
    "sgd with seed 0 is there twice, and that of run is left out",
  );
});

test("runs of other options get a label of their own, other jobs a note, unfinished ones a row", async () => {
  const folder = temporaryFolder();
  const stop = new AbortController();
  const run = async (name: string, changes: Parameters<typeof microPlan>[1], signal?: AbortSignal) => {
    const out = join(folder, name);
    const observer = { onStep: ({ step }: { step: number }) => void (signal && step === 2 && stop.abort()) };
    await trainRun(microPlan(folder, { optimizer: "sgd", steps: 3, ...changes }), {
      out,
      observer,
      ...(signal && { signal }),
    }).catch(() => {});
    const { planned, compared, ...rest } = readRunFolder(out);
    return { name: basename(out), runs: [{ planned, compared }], ...rest };
  };
  const sources = [
    await run("one", {}),
    await run("other-rate", { optimizerOptions: { learningRate: 0.5 } }),
    await run("other-seed", { seed: 1 }),
    await run("stopped", { batch: 4, seed: 2 }, stop.signal),
  ];
  const { runs, notes } = joinRuns(sources);
  expect(runs.map(({ row }) => [row.label, row.seed, row.status, row.steps])).toEqual([
    ["sgd", 0, "finished", 3],
    ["sgd (other-rate)", 0, "finished", 3],
    ["sgd", 1, "finished", 3],
    ["sgd (stopped)", 2, "interrupted", 2],
  ]);
  expect(notes).toEqual(["the runs differ in batch: their losses cannot be compared without regard to that"]);
});

test("what is no folder of runs is a sentence", async () => {
  const folder = temporaryFolder();
  expect(await cli("report", folder)).toMatchObject({
    code: 1,
    err: [
      `error: ${folder} is no folder of a run or a comparison: it has no config.json and no compare.json`,
    ],
  });
  expect((await cli("report")).code).toBe(2);
});

test("a finished run is extended: what was made stays, the rest follows the longer schedule", async () => {
  const folder = temporaryFolder();
  const out = join(folder, "run");
  const plan = microPlan(folder, { steps: 4, schedule: "linear", warmup: 0 });
  await trainRun(plan, { out });
  const before = readFileSync(join(out, "metrics.jsonl"), "utf8");
  const extended = await cli("train", "--resume", out, "--steps", "8");
  expect(extended.code).toBe(0);
  expect(extended.err[0]).toBe(
    "8 steps instead of 4: from here on the schedule (linear) is that of a run of 8; it multiplies the learning rates " +
      "by 0.5 at step 5, after 0.25 at step 4",
  );
  expect(readFileSync(join(out, "metrics.jsonl"), "utf8").startsWith(before)).toBe(true);
  expect(readMetrics(out).map(({ step, scheduleFactor }) => [step, scheduleFactor])).toEqual([
    [0, undefined],
    ...[1, 0.75, 0.5, 0.25, 0.5, 0.375, 0.25, 0.125].map((factor, i) => [i + 1, factor]),
  ]);
  const config = JSON.parse(readFileSync(join(out, "config.json"), "utf8"));
  expect(config.plan.steps).toBe(8);
  expect(config.extended).toEqual([{ afterStep: 4, steps: 4 }]);
  expect((await resumeRun(out)).steps).toBe(8);
  expect(existsSync(join(out, "checkpoints", "step-8"))).toBe(true);
  const refused = await cli("train", "--resume", out, "--steps", "8", "--from-step", "8");
  expect(refused.code).toBe(0); // as it is
  expect((await cli("train", "--resume", out, "--steps", "6")).err.at(-1)).toMatch(
    /^error: --steps 6 is no more than the 8 steps that are made/,
  );
});

test("a summary that is none is made again", async () => {
  const folder = temporaryFolder();
  const out = join(folder, "run");
  const { valLoss } = await trainRun(microPlan(folder, { steps: 2 }), { out });
  writeFileSync(join(out, "summary.json"), "{}");
  expect((await resumeRun(out)).valLoss).toBe(valLoss);
  expect(JSON.parse(readFileSync(join(out, "summary.json"), "utf8")).valLoss).toBe(valLoss);
});
