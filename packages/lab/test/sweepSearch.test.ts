import { describe, expect, test } from "vitest";

import { parseContender } from "../src/compare/contender.ts";
import type { RunPlan } from "../src/plan/runPlan.ts";
import { fitGaussianProcess } from "../src/sweep/gaussianProcess.ts";
import { nextTrials } from "../src/sweep/nextTrials.ts";
import type { Outcome } from "../src/sweep/outcomes.ts";
import { normalScores } from "../src/sweep/searchPoints.ts";
import type { SweepSpec } from "../src/sweep/sweepSpec.ts";
import { rateOf, sweepSpec } from "./support/sweepSpec.ts";

const apart = (one: number, other: number): number[] => [Math.abs(one - other)];

describe("a Gaussian process", () => {
  test("of one value believes what the formulas say", () => {
    const model = fitGaussianProcess([0.5], [0], apart);
    const at = (x: number): number => {
      const r = (Math.sqrt(5) * Math.abs(x - 0.5)) / (model.lengths[0] ?? 0);
      return (1 + r + (r * r) / 3) * Math.exp(-r);
    };
    for (const x of [0.5, 0.7, 3]) {
      const { mean, deviation } = model.believe(x);
      expect(mean).toBeCloseTo(0, 12);
      expect(deviation ** 2).toBeCloseTo(1 - at(x) ** 2 / (1 + model.noise), 12);
    }
  });

  test("passes near its values, is unsure far away, and finds the length of a function", () => {
    const places = Array.from({ length: 12 }, (_, i) => i / 11);
    const smooth = fitGaussianProcess(
      places,
      places.map((x) => 2 * x - 1),
      apart,
    );
    const rough = fitGaussianProcess(
      places,
      places.map((x) => Math.sin(12 * x)),
      apart,
    );
    expect(smooth.believe(0.37).mean).toBeCloseTo(2 * 0.37 - 1, 2);
    expect(smooth.believe(40).deviation).toBeCloseTo(1, 3);
    expect(rough.lengths[0]).toBeLessThan(smooth.lengths[0] ?? 0);
  });

  test("takes scattered values of one function as noise", () => {
    const places = Array.from({ length: 20 }, (_, i) => i / 19);
    const values = places.map((_, i) => (i % 2 === 0 ? 1 : -1));
    expect(fitGaussianProcess(places, values, apart).noise).toBeGreaterThanOrEqual(0.5);
  });

  test("refuses values without points", () => {
    expect(() => fitGaussianProcess([], [], apart)).toThrow("as many values as points, and at least one");
  });
});

test("losses count by their order: the size of a bad one says nothing", () => {
  const [best = 0, middle = 0, worst = 0, none = 0] = normalScores([1, 2, 900, Number.POSITIVE_INFINITY]);
  expect(normalScores([1, 2, 3, Number.POSITIVE_INFINITY])).toEqual([best, middle, worst, none]);
  expect(best).toBeCloseTo(-none, 10);
  const [a, b] = normalScores([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 1]);
  expect(a).toBe(b);
});

function search(
  sweep: SweepSpec,
  loss: (plan: RunPlan) => number | null,
  order: (outcomes: Outcome[]) => Outcome[] = (outcomes) => outcomes,
): Outcome[] {
  let outcomes: Outcome[] = [];
  for (let trials = nextTrials(sweep, outcomes); trials.length > 0; trials = nextTrials(sweep, outcomes))
    outcomes = [...outcomes, ...order(trials.map((trial) => ({ trial, loss: loss(trial.plan) })))];
  return outcomes;
}

const decayOf = ({ optimizerOptions }: RunPlan): number => Number(optimizerOptions.weightDecay);
/** Least at a rate of 0.02 and a decay of 0.07; runs at large rates diverge. */
const valley = (plan: RunPlan): number | null =>
  rateOf(plan) > 0.5 ? null : Math.log10(rateOf(plan) / 0.02) ** 2 + 20 * (decayOf(plan) - 0.07) ** 2;
const leastOf = (outcomes: readonly Outcome[]): number =>
  Math.min(...outcomes.map(({ loss }) => loss ?? Number.POSITIVE_INFINITY));

describe("a search by what is known", () => {
  const axes = ["learningRate=1e-5..1", "weightDecay=0..0.5"];
  const sweep = sweepSpec(axes, {
    contenders: [parseContender("adamw")],
    design: "gp",
    points: 20,
  });

  test("comes nearer than points that fill the space, for the same number of runs", () => {
    expect(search(sweep, valley)).toHaveLength(20);
    const reached = (design: SweepSpec["design"]): number =>
      [0, 1, 2, 3].reduce(
        (sum, seed) => sum + leastOf(search({ ...sweep, design, seeds: [seed] }, valley)),
        0,
      );
    expect(reached("gp")).toBeLessThan(reached("sobol") / 5);
  });

  test("every optimizer gets as many points", () => {
    const both = { ...sweep, contenders: ["adamw", "lion"].map(parseContender), points: 7 };
    const labels = search(both, valley).map(({ trial }) => trial.label);
    expect(labels.filter((label) => label === "lion")).toHaveLength(7);
    expect(labels).toHaveLength(14);
  });

  test("goes the same way in whatever order the runs of a round end", () => {
    const ids = (outcomes: readonly Outcome[]): string[] => outcomes.map(({ trial }) => trial.id).sort();
    expect(ids(search(sweep, valley, (outcomes) => outcomes.reverse()))).toEqual(ids(search(sweep, valley)));
  });

  test("ends where no other settings are left, and where everything diverges", () => {
    const few = sweepSpec(["nesterov=true,false", "momentum=0.5,0.9,0.99"], { design: "gp", points: 20 });
    const found = search(few, ({ optimizerOptions }) => Number(optimizerOptions.momentum));
    expect(new Set(found.map(({ trial }) => trial.id)).size).toBe(6);
    expect(search(sweep, () => null)).toHaveLength(20);
  });
});
