import { expect, test } from "vitest";

import { densityOf, spread } from "../src/diagnostics/densities.ts";
import { numberCurves } from "../src/diagnostics/numberCurves.ts";
import type { WatchLine } from "../src/diagnostics/watchLine.ts";

test("a density adds up to 1 and is highest where most values lie; 0 and less have no place", () => {
  const density = densityOf([1, 1, 10, 0, -1], [0.01, 100], 41);
  expect(density.indexOf(Math.max(...density))).toBe(20);
  expect(density[30]).toBeCloseTo((density[20] ?? 0) / 2, 12);
  expect(density.reduce((sum, one) => sum + one, 0)).toBeCloseTo(3 / 5, 12);
  expect(densityOf([3, 3], [3, 3], 5).every(Number.isFinite)).toBe(true);
  expect(densityOf([], [0.1, 1], 3)).toEqual([0, 0, 0]);
});

test("of many steps a few are shown, from the first to the last", () => {
  const all = Array.from({ length: 101 }, (_, i) => i);
  expect(spread(all, 5)).toEqual([0, 25, 50, 75, 100]);
  expect(spread([4, 7], 5)).toEqual([4, 7]);
});

const line = (step: number, name: string, values: Record<string, number>): WatchLine => ({
  step,
  diagnostic: "norms",
  scope: "layer",
  name,
  values,
  arrays: {},
});

test("a weight's norm comes with its bound, a compared dual norm with ρ, a share with 1, others alone", () => {
  const lines = [
    line(0, "a", { weight: 2, bound: 5, used: 0.4, compared: 3, threshold: 1, rank: 2 }),
    line(0, "b", { weight: 1 }),
    line(9, "a", { weight: 4, bound: 5, used: 0.8, compared: 0.5, threshold: 1, rank: 3 }),
  ];
  const drawn = (number: string): [string, readonly (number | null)[]][] =>
    numberCurves(lines, number).map(({ key, curve }) => [key, [...curve.mean]]);
  expect(drawn("weight")).toEqual([
    ["a", [2, 4]],
    ["a bound", [5, 5]],
    ["b", [1]],
  ]);
  expect(drawn("compared")[1]).toEqual(["a bound", [1, 1]]);
  expect(drawn("used")[1]).toEqual(["a bound", [1, 1]]);
  expect(drawn("rank").map(([key]) => key)).toEqual(["a", "b"]);
  const [own, bound] = numberCurves(lines, "weight");
  expect((bound?.colour ?? 0) - (own?.colour ?? 0)).toBe(8);
});
