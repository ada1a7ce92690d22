import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

import { replaceTrials } from "../sweep-optimizers/replaceTrials.ts";
import { measurementsJson, resultsJson, resultsPage } from "../sweep-optimizers/resultsPage.ts";
import { storedTrials } from "../sweep-optimizers/storedTrials.ts";

const stored = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const results = stored("docs/results/all-optimizers.json");
const measurements = stored("packages/lab/src/plan/rates/measurements.json");
const trials = storedTrials(results, measurements);

// So that who measures one optimizer keeps the rows of all others.
test("the results, their page and the catalogue's measurements are written again from the results", () => {
  expect(resultsJson(trials)).toBe(results);
  expect(measurementsJson(trials)).toBe(measurements);
  expect(resultsPage(trials)).toBe(stored("docs/results/all-optimizers.md"));
});

test("an optimizer measured anew replaces its own row only", () => {
  const names = [...new Set(trials.map(({ optimizer }) => optimizer))];
  const [anew] = names;
  const fresh = trials.filter(({ optimizer }) => optimizer === anew).map((one) => ({ ...one, msPerStep: 1 }));
  const rows: { optimizer: string; msPerStep: number }[] = JSON.parse(
    resultsJson(replaceTrials(trials, fresh)),
  );
  expect(rows.map(({ optimizer }) => optimizer).sort()).toEqual(names.sort());
  expect(rows.filter(({ msPerStep }) => msPerStep === 1).map(({ optimizer }) => optimizer)).toEqual([anew]);
});
