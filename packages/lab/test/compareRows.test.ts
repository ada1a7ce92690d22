import { describe, expect, test } from "vitest";

import { bestOf } from "../src/compare/bestOf.ts";
import type { CompareRow } from "../src/compare/compareRow.ts";
import { findingsOf } from "../src/compare/findings.ts";
import { stepsToReach } from "../src/compare/stepsToReach.ts";
import { summarizeRows } from "../src/compare/summarizeRows.ts";

const row = (label: string, changes: Partial<CompareRow> = {}): CompareRow => ({
  optimizer: label,
  label,
  seed: 0,
  status: "finished",
  runDir: `runs/${label}`,
  steps: 100,
  trainLoss: 1,
  valLoss: 1,
  stepsToReference: 100,
  msPerStep: 10,
  tokensPerSecond: 1000,
  optimizerShare: 0.1,
  stateFloats: 20,
  parameters: 10,
  peakRssBytes: 1e8,
  ...changes,
});

describe("stepsToReach", () => {
  const curve = [
    [0, 4],
    [10, 3],
    [20, 2],
    [30, 2.5],
    [40, 1.5],
  ].map(([step = 0, loss = 0]) => ({ step, seconds: step, loss }));
  test.each([
    [2, 20], // exactly
    [2.2, 20], // between: the first measured one, not an interpolation
    [5, 0], // from the start
    [1.5, 40], // at the very end
    [1.4, null], // never
    [Number.NaN, null],
  ])("a loss of %d", (target, steps) => expect(stepsToReach(curve, target)).toBe(steps));
  test("losses that are not numbers reach nothing", () => {
    expect(stepsToReach([{ step: 1, seconds: 0, loss: Number.NaN }], 10)).toBeNull();
    expect(stepsToReach([], 10)).toBeNull();
  });
});

describe("summaries", () => {
  const rows = [
    row("adamw", { seed: 0, valLoss: 2 }),
    row("adamw", { seed: 1, valLoss: 3 }),
    row("muon", { seed: 0, valLoss: 1.5, stepsToReference: 50 }),
    row("muon", { seed: 1, valLoss: 2.5, stepsToReference: null }),
    row("sgd", { seed: 0, status: "diverged", valLoss: null, trainLoss: null, msPerStep: 1 }),
  ];
  const summaries = summarizeRows(rows);

  test("means and ranges over seeds, in the order given", () => {
    expect(summaries.map(({ label, finished }) => [label, finished])).toEqual([
      ["adamw", 2],
      ["muon", 2],
      ["sgd", 0],
    ]);
    expect(summaries[0]?.valLoss).toEqual({ mean: 2.5, values: [2, 3] });
    expect(summaries[0]?.stateFloatsPerParameter).toBe(2);
    expect(summaries[2]?.valLoss).toBeUndefined();
  });
  test("a number that stands for some seeds only does not win", () => {
    expect(bestOf(summaries, "valLoss")).toEqual(new Set(["muon"]));
    expect(bestOf(summaries, "stepsToReference")).toEqual(new Set());
  });
  test("the fastest way to nowhere does not win", () =>
    expect(bestOf(summaries, "msPerStep")).toEqual(new Set()));
  test("more tokens per second is better", () => {
    const two = summarizeRows([row("a", { tokensPerSecond: 5 }), row("b", { tokensPerSecond: 9 })]);
    expect(bestOf(two, "tokensPerSecond")).toEqual(new Set(["b"]));
  });
});

describe("findings", () => {
  const seeded = (label: string, losses: readonly number[]) =>
    losses.map((valLoss, seed) => row(label, { seed, valLoss, stepsToReference: null }));
  test("a difference that every seed shows is told with its interval, however far seeds are apart", () => {
    // Differences 0.05, 0.06, 0.04: mean 0.05, standard error 0.01 / sqrt 3, t = 8.66 with 2 degrees of freedom.
    const rows = [...seeded("a", [1.95, 2.16, 2.34]), ...seeded("b", [1.9, 2.1, 2.3])];
    expect(findingsOf(rows)).toEqual({
      headline: "b ended lowest, at a validation loss of 2.1000; a follows at 2.1500.",
      details: ["a is 0.0500 above b (95 % interval 0.0252 to 0.0748 over 3 seeds, p = 0.013)."],
    });
  });
  test("a difference that seeds do not agree on is none, and p counts how many are asked about", () => {
    const b = [1.9, 2.1, 2.3];
    const rows = [...seeded("b", b), ...seeded("a", [1.95, 2.16, 2.34]), ...seeded("c", [1.8, 2.3, 2.35])];
    const { details } = findingsOf(rows);
    expect(details[0]).toContain("p = 0.026");
    expect(details[1]).toMatch(
      /^Cannot be told apart from b with these seeds: c \(-0\.32\d\d to 0\.42\d\d above it\)\.$/,
    );
  });
  test("two seeds are too few, and that is said", () => {
    const rows = [...seeded("a", [1.9, 2.1]), ...seeded("b", [0.9, 1.1])];
    expect(findingsOf(rows).details).toEqual([
      "2 seeds are too few to tell optimizers apart; with --seeds 0,1,2,3,4 an interval says how far they are.",
    ]);
  });
  test("only seeds that both finished are compared", () => {
    const rows = [
      ...seeded("b", [1.9, 2.1, 2.3, 2]),
      ...seeded("a", [1.95, 2.16, 2.34]),
      row("a", { seed: 3, status: "diverged", valLoss: null }),
    ];
    expect(findingsOf(rows).details[0]).toContain("over 3 seeds");
  });
  test("the winner's head start is steps of the first optimizer", () => {
    const rows = [
      row("a", { valLoss: 2, msPerStep: 100 }),
      row("b", { stepsToReference: 40, msPerStep: 200 }),
    ];
    expect(findingsOf(rows).details.join(" ")).toContain(
      "b needed 40 steps to where a was after 100 (40 % of them). That is 8.0 s of training against 10 s.",
    );
  });
  test("nothing finished", () => {
    const rows = [row("a", { status: "failed", error: "no memory", valLoss: null })];
    expect(findingsOf(rows)).toEqual({
      headline: "No run finished.",
      details: ["a failed with seed 0: no memory"],
    });
  });
});
