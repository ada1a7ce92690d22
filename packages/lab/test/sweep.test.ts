import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

import { sweepShares } from "../src/commands/showSweep.ts";
import type { CompareRow } from "../src/compare/compareRow.ts";
import type { Runner } from "../src/compare/runner.ts";
import type { RunPlan } from "../src/plan/runPlan.ts";
import type { RunResult } from "../src/run/runResult.ts";
import { parseBudget } from "../src/sweep/budget.ts";
import { localLauncher } from "../src/sweep/localLauncher.ts";
import { nextTrials } from "../src/sweep/nextTrials.ts";
import type { Outcome } from "../src/sweep/outcomes.ts";
import { runSweep } from "../src/sweep/runSweep.ts";
import { readSweep } from "../src/sweep/sweepFile.ts";
import { logTrial, readTrials, trialLogFile } from "../src/sweep/trialLog.ts";
import { trialsCsv } from "../src/sweep/trialsCsv.ts";
import { cli, temporaryFolder } from "./support/microRun.ts";
import { bowlAt, rateOf, sweepSpec as spec } from "./support/sweepSpec.ts";

/** What a run of a plan might come to. */
const resultOf = (plan: RunPlan, valLoss: number): RunResult => ({
  runDir: "",
  steps: plan.steps,
  trainLoss: valLoss,
  valLoss,
  msPerStep: 2,
  tokensPerSecond: 500,
  unit: "evaluations",
  optimizerShare: 0,
  stateFloats: 1,
  parameters: 2,
  peakRssBytes: 1,
  curves: { train: [], validation: [] },
});

const rowOf = (plan: RunPlan, status: CompareRow["status"]): CompareRow => {
  const { curves: _, ...summary } = resultOf(plan, 1);
  return {
    ...summary,
    optimizer: plan.optimizer,
    label: plan.optimizer,
    seed: plan.seed,
    status,
    stepsToReference: null,
  };
};

describe("a sweep that is stopped", () => {
  const sweep = spec(["learningRate=1e-4..1"], { extend: 2 });
  const make = (
    folder: string,
    made: string[],
    stopAfter: number,
    more: Partial<Parameters<typeof runSweep>[1]> = {},
    atOnce = 2,
  ) => {
    const stop = new AbortController();
    const runner: Runner = async (plan, { out = "" }) => {
      made.push(out);
      if (made.length === stopAfter) stop.abort();
      return resultOf(plan, bowlAt(0.01)(plan));
    };
    const { trials: before } = readTrials(folder);
    return runSweep(sweep, {
      folder,
      launcher: localLauncher({ folder, runner, atOnce, signal: stop.signal }),
      before,
      retryFailed: false,
      signal: stop.signal,
      ...more,
    });
  };

  test("goes on where it was, wherever that is: nothing is lost, nothing made twice", async () => {
    const whole: string[] = [];
    const { outcomes } = await make(temporaryFolder(), whole, 0);
    for (let stopAfter = 1; stopAfter < whole.length; stopAfter += 2) {
      const folder = temporaryFolder();
      const made: string[] = [];
      expect((await make(folder, made, stopAfter)).end).toBe("interrupted");
      const rest = await make(folder, made, 0);
      expect(rest.end).toBe("complete");
      expect(new Set(made).size).toBe(made.length);
      expect(made).toHaveLength(whole.length);
      const losses = (list: readonly Outcome[]) => list.map(({ trial, loss }) => [trial.id, loss]).sort();
      expect(losses(rest.outcomes)).toEqual(losses(outcomes));
    }
  });

  test("a budget ends it, too", async () => {
    const made: string[] = [];
    const result = await make(temporaryFolder(), made, 0, { budget: parseBudget("3runs") }, 1);
    expect([result.end, made.length]).toEqual(["budget", 3]);
  });

  test("a run that fails ends nothing else; it is made again only when asked to", async () => {
    const folder = temporaryFolder();
    let broken = true;
    let made = 0;
    const once = (retryFailed: boolean) =>
      runSweep(spec(["learningRate=0.1,0.2,0.3"]), {
        folder,
        retryFailed,
        before: readTrials(folder).trials,
        launcher: localLauncher({
          folder,
          atOnce: 1,
          runner: async (plan) => {
            made++;
            if (broken && rateOf(plan) === 0.2) throw new Error("no space left");
            return resultOf(plan, 1);
          },
        }),
      });
    const statuses = ({ rows }: Awaited<ReturnType<typeof once>>) =>
      [...rows.values()].map(({ status }) => status);
    expect(statuses(await once(false))).toEqual(["finished", "failed", "finished"]);
    broken = false;
    expect(statuses(await once(false))).toEqual(["finished", "failed", "finished"]);
    expect(made).toBe(3);
    expect(statuses(await once(true)).sort()).toEqual(["finished", "finished", "finished"]);
    expect(made).toBe(4);
  });
});

test("half a line at the end of the log costs that line alone", () => {
  const folder = temporaryFolder();
  const [trial] = nextTrials(spec(["learningRate=0.1,0.2"]), []);
  if (trial === undefined) throw new Error("no trial");
  const line = (id: string) => ({
    id,
    settings: { learningRate: 0.1 },
    share: 1,
    row: rowOf(trial.plan, "finished"),
  });
  logTrial(folder, line("a"));
  appendFileSync(trialLogFile(folder), '{"id": "b", "sett');
  logTrial(folder, line("c"));
  const { trials, damaged } = readTrials(folder);
  expect([[...trials.keys()], damaged]).toEqual([["a", "c"], 1]);
});

test("a table for other programs quotes what needs it", () => {
  const [trial] = nextTrials(spec(["learningRate=0.1,0.2"]), []);
  if (trial === undefined) throw new Error("no trial");
  const failed = {
    ...rowOf(trial.plan, "failed"),
    valLoss: null,
    trainLoss: null,
    runDir: null,
    error: 'no "space", left',
  };
  expect(trialsCsv([{ trial, row: failed }]).split("\r\n")[1]).toBe(
    'sgd,0.1,0,90,failed,,,2,2,"no ""space"", left",',
  );
});

test.each([
  ["40runs", { amount: 40, unit: "runs" }],
  ["5e6tokens", { amount: 5e6, unit: "tokens" }],
  ["90m", { amount: 5400, unit: "seconds" }],
  ["1.5h", { amount: 5400, unit: "seconds" }],
])("--budget %s", (text, budget) => {
  expect(parseBudget(text)).toEqual(budget);
});

test("a part of a sweep says nothing of edges", async () => {
  const out = join(temporaryFolder(), "sweep");
  const over = ["--over", "learningRate=0.0001..0.01:3", "--budget", "2runs", "--parallel", "1"];
  const { out: lines } = await cli(
    "sweep",
    "sgd",
    "--model",
    "rosenbrock",
    "--steps",
    "3",
    ...over,
    "--out",
    out,
    "--json",
  );
  const { end, findings } = JSON.parse(lines.at(-1) ?? "");
  expect([end, findings[0].points, findings[0].edges]).toEqual(["budget", 2, []]);
});

test("a sweep goes on with as many runs at once as it began with", async () => {
  const out = join(temporaryFolder(), "sweep");
  const job = ["sgd", "--model", "rosenbrock", "--steps", "3", "--over", "learningRate=0.0001,0.0002,0.0003"];
  await cli("sweep", ...job, "--budget", "1runs", "--parallel", "1", "--out", out);
  const { err } = await cli("sweep", "--resume", out);
  expect(err).toContain("2 runs to make, 1 at once");
  expect(sweepShares({}, { parallel: readSweep(out).parallel }).atOnce).toBe(1);
  expect(sweepShares({ parallel: "5" }, { parallel: 1 }).atOnce).toBe(5);
});

test("the command: a sweep of a problem, its files, and what it says when it goes on", async () => {
  const out = join(temporaryFolder(), "sweep");
  const flags = [
    "--model",
    "rosenbrock",
    "--steps",
    "5",
    "--over",
    "learningRate=0.0001,0.001",
    "--out",
    out,
  ];
  const first = await cli("sweep", "sgd", ...flags, "--json");
  expect(first.code).toBe(0);
  const { end, findings } = JSON.parse(first.out.at(-1) ?? "");
  expect([end, findings[0].best.settings]).toEqual(["complete", { learningRate: 0.001 }]);
  const [head, ...lines] = readFileSync(join(out, "trials.csv"), "utf8").trim().split("\r\n");
  expect(head).toBe(
    "optimizer,learningRate,seed,steps,status,valLoss,trainLoss,msPerStep,parameters,error,run",
  );
  expect(lines).toHaveLength(2);
  expect(existsSync(lines[0]?.split(",").at(-1) ?? "")).toBe(true);
  const again = await cli("sweep", "--resume", out);
  expect([again.code, again.err]).toEqual([0, ["2 runs are kept as they are"]]);
});

test.each([
  ["sweep sgd --model rosenbrock", "sweep needs something to vary: --over NAME=VALUE"],
  ["sweep --over learningRate=0.1,1", "sweep needs optimizers"],
  [
    "sweep sgd --over learningrate=0.1,1",
    'there is nothing called "learningrate" to vary (did you mean "learningRate"?)',
  ],
  ["sweep sgd --over seed=0,1", "use --seeds 0,1,2"],
  ["sweep sgd:learningRate=1 --over learningRate=0.1,1", "learningRate is both varied and given"],
  ["sweep sgd --over learningRate=0.1,1 --over learningRate=2,3", "--over has learningRate twice"],
  [
    "sweep sgd --over learningRate=0.1,1 --design soboll",
    '--design must be of grid, sobol, gp, got "soboll" (did you mean "sobol"?)',
  ],
  ["sweep sgd --over learningRate=0.1,1 --points 3", "--points is for --design sobol and gp"],
  ["sweep sgd --over learningRate=0.1,1 --design gp --halving", "--design gp chooses by whole runs"],
  ["sweep sgd --over learningRate=0.1,1 --budget 3", "--budget must be like 40runs"],
  ["sweep sgd --over learningRate=0.1,-1 --model rosenbrock", "learningRate"],
  ["sweep --resume /nowhere", "/nowhere is no folder of a sweep"],
  ["sweep sgd --over learningRate=0.1,1 --retry failed", "--retry goes with --resume"],
])("steepest %s: exit code 2 or 1, and a sentence", async (line, message) => {
  const { code, err } = await cli(...line.split(" "));
  expect(code).toBeGreaterThan(0);
  expect(err.join("\n")).toContain(message);
});
