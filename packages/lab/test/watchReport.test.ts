import { expect, test } from "vitest";
import type { WatchedRun } from "../src/report/watch/watchedRun.ts";
import { watchSection } from "../src/report/watch/watchSection.ts";
import type { WatchLine } from "../src/watch/watchLine.ts";

const line = (step: number, changes: Partial<WatchLine>): WatchLine => ({
  step,
  diagnostic: "grad",
  scope: "all",
  name: "all",
  values: { norm: 1 / step },
  ...changes,
});

const steps = [1, 5, 10];
const run: WatchedRun = {
  label: "scion",
  lines: steps.flatMap((step) => [
    line(step, {}),
    line(step, { scope: "role", name: "mlp<" }),
    line(step, {
      diagnostic: "smoothness",
      values: { ratio: step, descent: 0.1, linearDescent: 0.2, leastDescent: 0.05, l0: 3, l1: 0.5 },
    }),
    line(step, {
      diagnostic: "spectra",
      scope: "layer",
      name: "w",
      role: "mlp<",
      values: {},
      arrays: { weight: [3, 2, 0], update: step === 1 ? [] : [0, 0] },
    }),
  ]),
};
const textOf = (runs: readonly WatchedRun[]): string => watchSection(runs)?.section.text ?? "";

test("a run's section has its charts by role, its maps and its L0 and L1", () => {
  const text = textOf([run]);
  expect(text.match(/aria-label="[^"]* over the steps"/g)).toEqual([
    'aria-label="gradient norm over the steps"',
    'aria-label="how much the step lowered the batch\'s loss over the steps"',
    'aria-label="gradient\'s change over step, Λ over the steps"',
    'aria-label="Singular values of w, weight over the steps"',
    'aria-label="Singular values of w, update over the steps"',
  ]);
  expect(text).toContain("L0 = 3.0000 and L1 = 0.5000");
  expect(text).toContain("mlp&lt;");
  expect(text).not.toContain("mlp<");
  expect(text).not.toMatch(/NaN|undefined|Infinity/);
  expect(textOf([run])).toBe(text); // to the last byte
});

test("of several optimizers there is a line for each, and none of roles", () => {
  const two = watchSection([run, { ...run, label: "muon" }]);
  expect(two?.names).toEqual(["scion", "muon"]);
  expect(two?.section.text).not.toMatch(/NaN|undefined|L0 =/);
});

test("where nothing was watched there is nothing", () => {
  expect(watchSection([{ label: "muon", lines: [] }])).toBeUndefined();
});
