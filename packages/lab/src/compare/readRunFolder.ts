import { resolve } from "node:path";
import { modelKind } from "@steepest/models";

import type { JobFacts } from "../prepare/jobFacts.ts";
import { lossCurves } from "../run/lossCurves.ts";
import { readMetrics } from "../run/metricsLog.ts";
import { readSummary } from "../run/readSummary.ts";
import { type ReadableConfig, readRunConfig } from "../run/runConfig.ts";
import type { ComparedRun } from "./makeRun.ts";
import type { PlannedRun } from "./planComparison.ts";

/** A run as its folder tells it, for a report. */
export interface RunOfFolder {
  readonly planned: PlannedRun;
  readonly compared: ComparedRun;
  readonly facts: JobFacts;
  readonly created: string;
  readonly environment: ReadableConfig["environment"];
}

const units = { language: "tokens", image: "images", problem: "evaluations" } as const;

/** Reads a run folder, finished or not. The data and weights are not looked at. Throws a sentence where it is none. */
export function readRunFolder(directory: string): RunOfFolder {
  const runDir = resolve(directory);
  const { plan, created, environment, parameters, vocabSize, batches } = readRunConfig(runDir);
  const metrics = readMetrics(runDir);
  const last = metrics.at(-1);
  const kind = modelKind(plan.model);
  const perStep = last === undefined || last.step === 0 ? plan.batch : last.tokens / last.step;
  const facts: JobFacts = {
    parameters,
    unit: batches?.unit ?? units[kind],
    tokensPerStep: batches?.tokensPerStep ?? perStep,
    ...(vocabSize !== undefined && { vocabSize }),
  };
  const summary = readSummary(runDir, plan.steps);
  const label = plan.optimizer;
  const own = { optimizer: plan.optimizer, label, seed: plan.seed, stepsToReference: null };
  const row =
    summary === undefined
      ? unfinished(runDir, last?.step ?? 0, facts)
      : { ...summary, status: "finished" as const };
  return {
    planned: { label, plan },
    compared: { row: { ...own, ...row }, curves: lossCurves(metrics) },
    facts,
    created,
    environment,
  };
}

const unfinished = (runDir: string, steps: number, { parameters, unit }: JobFacts) => ({
  status: "interrupted" as const,
  runDir,
  steps,
  trainLoss: null,
  valLoss: null,
  msPerStep: null,
  tokensPerSecond: null,
  unit,
  optimizerShare: null,
  stateFloats: null,
  parameters,
  peakRssBytes: null,
});
