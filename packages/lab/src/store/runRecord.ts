import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";

import { LOCK_NAME } from "../files/folderLock.ts";
import { readSummary } from "../run/readSummary.ts";

/** A run as a row of the table `runs`; what it did not get to is null. */
export interface RunRecord {
  /** The folder, as it was found. */
  readonly run: string;
  /** `finished`: all steps are made. `running`: a process writes into the folder now. */
  readonly status: "finished" | "running" | "unfinished";
  readonly created: string | null;
  readonly optimizer: string;
  readonly learningRate: number | null;
  readonly model: string;
  readonly data: string;
  readonly seed: number;
  readonly steps: number;
  readonly batch: number;
  readonly schedule: string;
  readonly parameters: number | null;
  readonly stateFloats: number | null;
  readonly trainLoss: number | null;
  readonly valLoss: number | null;
  readonly valAccuracy: number | null;
  readonly msPerStep: number | null;
  readonly tokensPerSecond: number | null;
  readonly peakRssBytes: number | null;
  readonly node: string | null;
  readonly cpu: string | null;
  readonly gitCommit: string | null;
  readonly optimizerOptions: unknown;
  readonly modelOptions: unknown;
  /** The whole plan. */
  readonly plan: unknown;
}

/** The type of each column for the database, in the order of the table. */
export const runColumns = {
  run: "VARCHAR",
  status: "VARCHAR",
  created: "TIMESTAMP",
  optimizer: "VARCHAR",
  learningRate: "DOUBLE",
  model: "VARCHAR",
  data: "VARCHAR",
  seed: "DOUBLE",
  steps: "INTEGER",
  batch: "INTEGER",
  schedule: "VARCHAR",
  parameters: "DOUBLE",
  stateFloats: "DOUBLE",
  trainLoss: "DOUBLE",
  valLoss: "DOUBLE",
  valAccuracy: "DOUBLE",
  msPerStep: "DOUBLE",
  tokensPerSecond: "DOUBLE",
  peakRssBytes: "DOUBLE",
  node: "VARCHAR",
  cpu: "VARCHAR",
  gitCommit: "VARCHAR",
  optimizerOptions: "JSON",
  modelOptions: "JSON",
  plan: "JSON",
} as const satisfies Record<keyof RunRecord, string>;

const options = v.optional(v.record(v.string(), v.unknown()), {});
const schema = v.object({
  created: v.optional(v.pipe(v.string(), v.isoTimestamp())),
  plan: v.looseObject({
    optimizer: v.string(),
    optimizerOptions: options,
    model: v.string(),
    modelOptions: options,
    data: v.string(),
    seed: v.number(),
    steps: v.number(),
    batch: v.number(),
    schedule: v.string(),
  }),
  model: v.optional(v.object({ parameters: v.optional(v.number()) })),
  environment: v.optional(
    v.object({
      node: v.optional(v.string()),
      cpu: v.optional(v.string()),
      gitCommit: v.optional(v.string()),
    }),
  ),
});

/** A lock whose process showed itself so lately is of a run that is on its way. */
const ALIVE_MS = 60_000;

/**
 * Reads a run folder's `config.json` and `summary.json`, without looking at its data or metrics: of hundreds of folders in a
 * second. Throws a sentence where the config cannot be read.
 */
export function readRunRecord(folder: string): RunRecord {
  const path = join(folder, "config.json");
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new Error(
      `${path} cannot be read: ${error instanceof SyntaxError ? "it is not JSON" : String(error)}`,
    );
  }
  const parsed = v.safeParse(schema, value);
  if (!parsed.success) {
    const at = v.getDotPath(parsed.issues[0]);
    throw new Error(
      `${path} cannot be read: ${at === null ? "it has no plan" : `"${at}" is not as it should be`}`,
    );
  }
  const { created, plan, model, environment } = parsed.output;
  const summary = readSummary(folder, plan.steps);
  const { learningRate } = plan.optimizerOptions;
  return {
    run: folder,
    status: summary !== undefined ? "finished" : isRunning(folder) ? "running" : "unfinished",
    created: created ?? null,
    optimizer: plan.optimizer,
    learningRate: typeof learningRate === "number" ? learningRate : null,
    model: plan.model,
    data: plan.data,
    seed: plan.seed,
    steps: plan.steps,
    batch: plan.batch,
    schedule: plan.schedule,
    parameters: model?.parameters ?? null,
    stateFloats: summary?.stateFloats ?? null,
    trainLoss: summary?.trainLoss ?? null,
    valLoss: summary?.valLoss ?? null,
    valAccuracy: summary?.valAccuracy ?? null,
    msPerStep: summary?.msPerStep ?? null,
    tokensPerSecond: summary?.tokensPerSecond ?? null,
    peakRssBytes: summary?.peakRssBytes ?? null,
    node: environment?.node ?? null,
    cpu: environment?.cpu ?? null,
    gitCommit: environment?.gitCommit ?? null,
    optimizerOptions: plan.optimizerOptions,
    modelOptions: plan.modelOptions,
    plan,
  };
}

function isRunning(folder: string): boolean {
  const found = statSync(join(folder, LOCK_NAME), { throwIfNoEntry: false });
  return found !== undefined && Date.now() - found.mtimeMs < ALIVE_MS;
}
