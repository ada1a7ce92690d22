import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { replaceTrials } from "./replaceTrials.ts";
import { measurementsJson, resultsJson, resultsPage } from "./resultsPage.ts";
import { storedTrials } from "./storedTrials.ts";
import type { Trial } from "./trial.ts";

const at = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const results = at("docs/results/all-optimizers.json");
const measurements = at("packages/lab/src/plan/rates/measurements.json");

/** Writes the pages of docs/results and the measurements of the catalogue. Optimizers without a trial keep what is there. */
export function writeResults(trials: readonly Trial[]): void {
  const stored = storedTrials(readFileSync(results, "utf8"), readFileSync(measurements, "utf8"));
  const all = replaceTrials(stored, trials);
  writeFileSync(at("docs/results/all-optimizers.md"), resultsPage(all));
  writeFileSync(results, resultsJson(all));
  writeFileSync(measurements, measurementsJson(all));
}
