import { expect, test } from "vitest";
import type { CompareRow } from "../src/compare/compareRow.ts";
import { parseContender } from "../src/compare/contender.ts";
import { sweepPage } from "../src/report/sweep/sweepPage.ts";
import { lossDomain } from "../src/report/sweep/sweepPoints.ts";
import { nextTrials } from "../src/sweep/nextTrials.ts";
import type { SweepSpec } from "../src/sweep/sweepSpec.ts";
import { summarizeSweep } from "../src/sweep/sweepSummary.ts";
import { bowlAt, sweepSpec } from "./support/sweepSpec.ts";

const row = (changes: Partial<CompareRow>): CompareRow => ({
  optimizer: "sgd",
  label: "sgd",
  seed: 0,
  status: "finished",
  runDir: null,
  steps: 90,
  trainLoss: 1,
  valLoss: 1,
  stepsToReference: null,
  msPerStep: 2,
  tokensPerSecond: 500,
  optimizerShare: null,
  stateFloats: 1,
  parameters: 2,
  peakRssBytes: null,
  ...changes,
});

function pageOf(spec: SweepSpec, rowOf: (index: number, valLoss: number) => CompareRow): string {
  const made = nextTrials(spec, []).map((trial, i) => ({ trial, row: rowOf(i, bowlAt(0.01)(trial.plan)) }));
  const rows = new Map(made.map(({ trial, row: own }) => [trial.id, own]));
  const outcomes = made.map(({ trial, row: own }) => ({ trial, loss: own.valLoss }));
  const environment = {
    node: "20",
    packages: {},
    os: "linux x64",
    cpu: "<b>CPU</b>",
    cores: 2,
    memoryBytes: 1,
  };
  const file = {
    format: 1,
    command: "npx steepest sweep sgd & more",
    created: "2026-01-01T00:00:00.000Z",
    environment,
    spec,
  } as const;
  return sweepPage({ file, made, findings: summarizeSweep(spec, outcomes, rows), complete: true });
}

const spec = sweepSpec(["learningRate=0.001..0.1:3", "steps=5,9"], {
  contenders: ["sgd", "adam"].map(parseContender),
});

test("a page has a figure for each setting, a map for each optimizer, and every run", () => {
  const page = pageOf(spec, (_, valLoss) => row({ valLoss }));
  expect(page.match(/aria-label="Best validation loss by \w+"/g)).toEqual([
    'aria-label="Best validation loss by learningRate"',
    'aria-label="Best validation loss by steps"',
  ]);
  expect(page.match(/aria-label="Validation loss of \w+ by learningRate and steps"/g)).toHaveLength(2);
  expect(page).toContain("<summary>12 runs</summary>");
  expect(page).toContain("sgd is best with learningRate 0.01, steps 5: 0.0000");
  expect(pageOf(spec, (_, valLoss) => row({ valLoss }))).toBe(page);
});

test("nothing is fetched, no script runs, and texts are no markup", () => {
  const page = pageOf(spec, (i, valLoss) =>
    i === 0 ? row({ status: "failed", valLoss: null, error: "<script>" }) : row({ valLoss }),
  );
  expect(page).not.toMatch(/<script|(?:src|href)="(?!data:)/);
  expect(page).toContain("failed: &lt;script&gt;");
  expect(page).toContain("&lt;b&gt;CPU&lt;/b&gt;");
  expect(page).toContain("npx steepest sweep sgd &amp; more");
});

test("where nothing has finished the page says so and draws nothing", () => {
  const page = pageOf(spec, () => row({ status: "diverged", valLoss: null }));
  expect(page).toContain("No run of all steps has finished.");
  expect(page).not.toContain("<svg");
});

test("one loss that is far too large does not flatten the others", () => {
  const [low, high] = lossDomain([2, 2.1, 2.2, 5e8]);
  expect(low).toBeLessThan(2);
  expect(high).toBeGreaterThan(2.2);
  expect(high).toBeLessThan(3);
});
