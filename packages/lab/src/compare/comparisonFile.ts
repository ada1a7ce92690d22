import { join } from "node:path";
import { replaceFile } from "@steepest/models/node";
import * as v from "valibot";

import { fileError } from "../files/fileError.ts";
import { readStateFile } from "../files/readStateFile.ts";
import { parsePlanInput } from "../plan/planInput.ts";
import { resolvePlan } from "../plan/resolvePlan.ts";
import type { JobFacts } from "../prepare/jobFacts.ts";
import { type Environment, environmentSchema } from "../run/environment.ts";
import { type CompareRow, runStatuses } from "./compareRow.ts";
import type { PlannedRun } from "./planComparison.ts";
import type { RateTrial } from "./tuneRates.ts";

/** `compare.json`: what a comparison is made of and how far it is. Rows are written as runs end. */
export interface ComparisonFile {
  readonly format: 1;
  /** What to type to repeat it. */
  readonly command: string;
  readonly created: string;
  readonly environment: Environment;
  readonly facts: JobFacts;
  /** Runs at once, where that was asked for: a resume makes as many. */
  readonly parallel?: number;
  /** Whether rates are searched first; `done`: the plans have what was found. */
  readonly tune: "no" | "asked" | "done";
  /** Every run that is to be made. */
  readonly planned: readonly PlannedRun[];
  /** The rates in force, in words. */
  readonly rates: readonly string[];
  /** Runs of the search for rates. */
  readonly trials: readonly RateTrial[];
  readonly rows: readonly CompareRow[];
}

export const comparisonFile = (folder: string): string => join(folder, "compare.json");

const number = v.nullable(v.number());
const atLeastOne = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const row = v.object({
  optimizer: v.string(),
  label: v.string(),
  seed: v.number(),
  status: v.picklist(runStatuses),
  error: v.exactOptional(v.string()),
  runDir: v.nullable(v.string()),
  steps: v.number(),
  trainLoss: number,
  valLoss: number,
  valAccuracy: v.exactOptional(number),
  stepsToReference: number,
  msPerStep: number,
  tokensPerSecond: number,
  unit: v.exactOptional(v.picklist(["tokens", "images", "evaluations"])),
  optimizerShare: number,
  stateFloats: number,
  parameters: number,
  peakRssBytes: number,
});

const schema = v.object({
  format: v.literal(1),
  command: v.string(),
  created: v.pipe(v.string(), v.isoTimestamp()),
  environment: environmentSchema,
  facts: v.object({
    parameters: v.number(),
    unit: v.picklist(["tokens", "images", "evaluations"]),
    tokensPerStep: v.number(),
    vocabSize: v.exactOptional(v.number()),
  }),
  parallel: v.exactOptional(atLeastOne),
  tune: v.picklist(["no", "asked", "done"]),
  planned: v.pipe(v.array(v.object({ label: v.string(), plan: v.unknown() })), v.minLength(1)),
  rates: v.array(v.string()),
  trials: v.array(
    v.object({ label: v.string(), rates: v.record(v.string(), v.number()), valLoss: v.nullable(v.number()) }),
  ),
  rows: v.array(row),
});

/** Throws `FileError`. */
export function writeComparison(folder: string, state: ComparisonFile): void {
  const path = comparisonFile(folder);
  try {
    replaceFile(path, `${JSON.stringify(state, null, 2)}\n`);
  } catch (error) {
    throw fileError("write the rows of the comparison", path, error);
  }
}

/** Reads the `compare.json` of a folder. Throws `FileError` where there is none or it cannot be one of this version. */
export function readComparison(folder: string): ComparisonFile {
  const path = comparisonFile(folder);
  const file = { name: "compare.json", what: "comparison", schema };
  const { planned, ...rest } = readStateFile(folder, file);
  return {
    ...rest,
    planned: planned.map(({ label, plan }) => ({ label, plan: resolvePlan(parsePlanInput(plan, path)) })),
  };
}
