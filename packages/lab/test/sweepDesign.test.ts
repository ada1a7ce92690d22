import { describe, expect, test } from "vitest";

import { parseContender } from "../src/compare/contender.ts";
import type { RunPlan } from "../src/plan/runPlan.ts";
import { parseAxis } from "../src/sweep/axis.ts";
import { gridValues } from "../src/sweep/axisValues.ts";
import { nextTrials } from "../src/sweep/nextTrials.ts";
import type { Outcome } from "../src/sweep/outcomes.ts";
import { restingRates } from "../src/sweep/restingRates.ts";
import { sobolPoint } from "../src/sweep/sobol.ts";
import type { SweepSpec } from "../src/sweep/sweepSpec.ts";
import { summarizeSweep } from "../src/sweep/sweepSummary.ts";
import type { Trial } from "../src/sweep/trial.ts";
import { bowlAt, rateOf, sweepSpec as spec } from "./support/sweepSpec.ts";

/** All trials of a sweep whose loss is a function of the plan. */
function exhaust(
  sweep: SweepSpec,
  loss: (plan: RunPlan) => number | null,
): { outcomes: Outcome[]; rounds: Trial[][] } {
  const outcomes: Outcome[] = [];
  const rounds: Trial[][] = [];
  for (let trials = nextTrials(sweep, outcomes); trials.length > 0; trials = nextTrials(sweep, outcomes)) {
    rounds.push(trials);
    outcomes.push(...trials.map((trial) => ({ trial, loss: loss(trial.plan) })));
  }
  return { outcomes, rounds };
}

describe("what varies", () => {
  test.each([
    ["learningRate=1e-4..1e-1", [1e-4, 3.16e-4, 1e-3, 3.16e-3, 1e-2, 3.16e-2, 1e-1]],
    ["learning-rate=0.01..1:3", [0.01, 0.1, 1]],
    ["weightDecay=0..0.4", [0, 0.1, 0.2, 0.3, 0.4]],
    ["momentum=0.8..0.9:3:linear", [0.8, 0.85, 0.9]],
    ["nesterov=true,false", [true, false]],
    ["scheme=hybrid,cubic", ["hybrid", "cubic"]],
  ])("%s", (text, values) => {
    expect(gridValues(parseAxis(text), false)).toEqual(values);
  });

  test("whole numbers are rounded, and each is there once", () => {
    expect(gridValues(parseAxis("batch=1..4:7:linear"), true)).toEqual([1, 2, 3, 4]);
  });

  test.each([
    ["learningRate", 'cannot read --over "learningRate": expected NAME=VALUE'],
    ["learningRate=1..0.1", "must go from a smaller number to a larger one"],
    ["learningRate=a..b", "the ends of --over"],
    ["learningRate=0..1:log", "cannot be on a log scale: 0 is not > 0"],
    ["learningRate=0.1..1:0", 'cannot read ":0"'],
    ["width=64,64", "has 64 twice"],
    ["width=64,,128", "has an empty value"],
  ])("%s is refused", (text, message) => {
    expect(() => parseAxis(text)).toThrow(message);
  });
});

describe("a Sobol sequence", () => {
  test("every 2^k points have one in each of 2^k equal parts of every axis, whatever the seed", () => {
    for (const seed of [0, 1, 77]) {
      const points = Array.from({ length: 64 }, (_, i) => sobolPoint(i, 10, seed));
      for (let axis = 0; axis < 10; axis++) {
        expect(new Set(points.map((point) => Math.floor((point[axis] ?? 1) * 64))).size).toBe(64);
      }
    }
  });

  test("pairs of the first axes fill the square: 64 points, 8 × 8 parts", () => {
    const points = Array.from({ length: 64 }, (_, i) => sobolPoint(i, 2, 3));
    const parts = points.map(([x = 1, y = 1]) => `${Math.floor(x * 8)} ${Math.floor(y * 8)}`);
    expect(new Set(parts).size).toBe(64);
  });

  test("another seed is another sample, and there are ten dimensions", () => {
    expect(sobolPoint(5, 3, 0)).not.toEqual(sobolPoint(5, 3, 1));
    expect(() => sobolPoint(0, 11, 0)).toThrow("at most 10 dimensions");
  });
});

describe("which trials come next", () => {
  test("a grid is all combinations, for every seed, and every optimizer gets those that it reads", () => {
    const both = { contenders: ["sgd", "adam"].map(parseContender), seeds: [0, 1] };
    const { rounds } = exhaust(spec(["learningRate=0.01,0.1", "b1=0.8,0.9"], both), () => 1);
    expect(rounds.map((round) => round.length)).toEqual([2 * (2 + 4)]);
    expect(new Set(rounds.flat().map(({ id }) => id)).size).toBe(12);
    const sgd = rounds.flat().filter(({ label }) => label === "sgd");
    expect(sgd.map(({ settings, seed }) => [settings, seed])).toEqual([
      [{ learningRate: 0.01 }, 0],
      [{ learningRate: 0.1 }, 0],
      [{ learningRate: 0.01 }, 1],
      [{ learningRate: 0.1 }, 1],
    ]);
  });

  test("an end that is best is passed by one value after the other, until it is not, or the limit is reached", () => {
    const sweep = spec(["learningRate=0.001..0.1:3"], { extend: 3 });
    const rates = (best: number): number[] =>
      exhaust(sweep, bowlAt(best))
        .rounds.flat()
        .map(({ plan }) => rateOf(plan));
    expect(rates(0.01)).toEqual([0.001, 0.01, 0.1]);
    expect(rates(1)).toEqual([0.001, 0.01, 0.1, 1, 10]);
    expect(rates(1e-9)).toEqual([0.001, 0.01, 0.1, 1e-4, 1e-5, 1e-6]);
    const { outcomes } = exhaust(sweep, bowlAt(1e-9));
    const [finding] = summarizeSweep(sweep, outcomes, new Map());
    expect(finding?.edges).toEqual(["learningRate is best at 0.000001, the smallest that was tried"]);
  });

  test("where all diverge nothing is extended", () => {
    expect(exhaust(spec(["learningRate=0.001..0.1:3"], { extend: 3 }), () => null).rounds).toHaveLength(1);
  });

  test("halving: a ninth of the steps for all, a third for the best third, all for the best of these, each with a whole schedule", () => {
    const sweep = spec(["learningRate=1e-4..1:9"], {
      halving: true,
      base: { model: "rosenbrock", steps: 90, warmup: 9 },
    });
    const { rounds } = exhaust(sweep, bowlAt(0.01));
    expect(rounds.map((round) => round.map(({ plan }) => plan.steps))).toEqual([
      new Array(9).fill(10),
      new Array(3).fill(30),
      [90],
    ]);
    expect(rounds[0]?.[0]?.plan).toMatchObject({ warmup: 1, evalEvery: 10 });
    expect(rounds[2]?.[0]?.settings).toEqual({ learningRate: 0.01 });
  });

  test("a Sobol design has the same points for every optimizer", () => {
    const sweep = spec(["learningRate=1e-3..1", "weightDecay=0..0.3"], {
      contenders: ["adamw", "lion"].map(parseContender),
      design: "sobol",
    });
    const [round = []] = exhaust(sweep, () => 1).rounds;
    const of = (name: string) => round.filter(({ label }) => label === name).map(({ settings }) => settings);
    expect(of("adamw")).toHaveLength(8);
    expect(of("adamw")).toEqual(of("lion"));
  });

  test("steps follow the batch where examples are to be the same", () => {
    const sweep = spec(["batch=1,2,4"], {
      base: { model: "rosenbrock", steps: 80, batch: 2 },
      sameExamples: true,
    });
    expect(
      exhaust(sweep, () => 1)
        .rounds.flat()
        .map(({ plan }) => [plan.batch, plan.steps]),
    ).toEqual([
      [1, 160],
      [2, 80],
      [4, 40],
    ]);
  });
});

test("a rate that is not searched for beside one that is, is named", () => {
  const sweep = spec(["learningRate=0.01,0.1"], {
    contenders: ["adamw", "muon"].map(parseContender),
    base: {},
  });
  expect(restingRates(sweep)).toEqual([
    expect.stringMatching(
      /^muon: auxiliaryLearningRate stays at .* --over auxiliaryLearningRate=LOW\.\.HIGH$/,
    ),
  ]);
});
