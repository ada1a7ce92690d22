import { basename } from "node:path";
import { describeOptimizer } from "steepest";
import type { PlannedRun } from "../compare/planComparison.ts";
import { rateRemarks } from "../compare/rateRemarks.ts";
import type { ComparedRun } from "../compare/runComparison.ts";
import { defaultText, type Json, noData, type RunPlan } from "../plan/runPlan.ts";
import type { PreparedRun } from "../prepare/preparedRun.ts";
import type { Environment } from "../run/environment.ts";
import { usableThreads } from "../run/usableThreads.ts";
import { formatBytes, formatCount } from "../text/quantities.ts";
import type { CompareReport, Fact, RecipeUsed } from "./compareReport.ts";

/** Everything a report needs besides the runs. */
export interface ComparisonSetting {
  readonly planned: readonly PlannedRun[];
  /** The first run, prepared: what model and data came to. */
  readonly prepared: PreparedRun;
  readonly environment: Environment;
  readonly command: string;
  readonly created: Date;
}

export function describeComparison(runs: readonly ComparedRun[], setting: ComparisonSetting): CompareReport {
  const { planned, prepared, environment, command, created } = setting;
  const labels = [...new Set(planned.map(({ label }) => label))];
  const names = [...new Set(labels.map((label) => label.split(":")[0] ?? label))];
  const { plan } = prepared;
  return {
    title: `${names.join(", ")} on ${dataName(plan)}`,
    job: job(planned, prepared),
    runs,
    recipes: labels.flatMap((label) => planned.find((run) => run.label === label) ?? []).map(recipe),
    environment: [
      { label: "date", value: created.toISOString().slice(0, 10) },
      { label: "engine", value: `${plan.engine}, ${usableThreads(plan.threads)} threads` },
      {
        label: "processor",
        value: `${environment.cpu}, ${environment.cores} cores, ${formatBytes(environment.memoryBytes)}`,
      },
      { label: "system", value: `${environment.os}, Node ${environment.node}` },
      ...Object.entries(environment.packages).map(([label, value]) => ({ label, value })),
      ...(environment.gitCommit === undefined ? [] : [{ label: "commit", value: environment.gitCommit }]),
    ],
    command,
  };
}

function job(planned: readonly PlannedRun[], { plan, model, tokenizer, batches }: PreparedRun): Fact[] {
  const { unit, tokensPerStep } = batches;
  const evaluated =
    plan.evalBatches === undefined ? "the whole test set" : `${formatCount(plan.evalBatches)} batches`;
  const own = Object.entries(plan.modelOptions).map(([name, value]) => `${name} ${write(value)}`);
  return [
    { label: "model", value: [plan.model, ...own].join(", ") },
    { label: "parameters", value: formatCount(model.parameterCount) },
    ...(unit === "evaluations" ? [] : [{ label: "data", value: dataName(plan) }]),
    ...(plan.augment === undefined ? [] : [{ label: "augmentation", value: plan.augment }]),
    ...(tokenizer === undefined
      ? []
      : [{ label: "tokenizer", value: `${plan.tokenizer}, ${formatCount(tokenizer.vocabSize)} tokens` }]),
    ...(unit === "evaluations" ? [] : [{ label: "batch", value: batchSize(plan, batches) }]),
    {
      label: "steps",
      value: `${formatCount(plan.steps)}, ${formatCount(plan.steps * tokensPerStep)} ${unit}`,
    },
    { label: "schedule", value: `${plan.schedule}, ${plan.warmup} steps of warm-up` },
    ...(plan.clip === undefined ? [] : [{ label: "clipping", value: `global norm ${plan.clip}` }]),
    { label: "validation", value: `every ${formatCount(plan.evalEvery)} steps, ${evaluated}` },
    ...rateFacts(planned),
    { label: "seeds", value: [...new Set(planned.map((run) => run.plan.seed))].join(", ") },
  ];
}

function rateFacts(planned: readonly PlannedRun[]): Fact[] {
  const { rates, warning } = rateRemarks(planned);
  return [
    { label: "learning rates", value: rates.join("; ") },
    ...(warning === undefined ? [] : [{ label: "note", value: warning }]),
  ];
}

function recipe({ label, plan }: PlannedRun): RecipeUsed {
  const { family, summary, formula, source, state, options } = describeOptimizer(plan.optimizer);
  return {
    label,
    optimizer: plan.optimizer,
    family,
    summary,
    formula,
    source,
    state,
    options: Object.entries(plan.optimizerOptions).map(([name, value]) => ({
      name,
      value: write(value),
      changed: JSON.stringify(value) !== JSON.stringify(options[name]?.default),
    })),
  };
}

const batchSize = ({ batch }: RunPlan, { unit, tokensPerStep }: PreparedRun["batches"]): string =>
  unit === "tokens" ? `${batch} × ${tokensPerStep / batch} tokens` : `${batch} ${unit}`;

function dataName({ data, model }: RunPlan): string {
  if (data === noData) return model;
  return data === defaultText ? "Moby Dick" : basename(data);
}
const write = (value: Json): string => (typeof value === "string" ? value : JSON.stringify(value));
