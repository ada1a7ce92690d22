import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { measurementsJson, resultsJson, resultsPage } from "./resultsPage.ts";
import type { Trial } from "./trial.ts";

/** Writes the pages of docs/results and the measurements of the catalogue. */
export function writeResults(trials: readonly Trial[]): void {
  const at = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
  writeFileSync(at("docs/results/all-optimizers.md"), resultsPage(trials));
  writeFileSync(at("docs/results/all-optimizers.json"), resultsJson(trials));
  writeFileSync(at("packages/lab/src/plan/rates/measurements.json"), measurementsJson(trials));
}
