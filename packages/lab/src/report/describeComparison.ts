import { basename } from "node:path";
import { describeOptimizer } from "steepest";
import type { ComparedRun } from "../compare/makeRun.ts";
import type { PlannedRun } from "../compare/planComparison.ts";
import { rateRemarks } from "../compare/rateRemarks.ts";
import type { ExampleUnit } from "../plan/runObserver.ts";
import { defaultText, type Json, noData, type RunPlan } from "../plan/runPlan.ts";
import type { JobFacts } from "../prepare/jobFacts.ts";
import type { Environment } from "../run/environment.ts";
import { usableThreads } from "../run/usableThreads.ts";
import { formatBytes, formatCount, formatCountOf } from "../text/quantities.ts";
import type { CompareReport, Fact, RecipeUsed } from "./compareReport.ts";

/** Everything a report needs besides the runs. */
export interface ComparisonSetting {
  readonly planned: readonly PlannedRun[];
  /** What model and data came to. */
  readonly facts: JobFacts;
  /** Undefined where nobody wrote it down. */
  readonly environment: Environment | undefined;
  readonly command: string;
  /** ISO 8601; empty where nobody wrote it down. */
  readonly created: string;
  /** Remarks for the reader. */
  readonly notes?: readonly string[];
}

export function describeComparison(runs: readonly ComparedRun[], setting: ComparisonSetting): CompareReport {
  const { planned, facts, environment, command, created, notes = [] } = setting;
  const labels = [...new Set(planned.map(({ label }) => label))];
  const names = [...new Set(labels.map((label) => label.split(":")[0] ?? label))];
  const [first] = planned;
  if (first === undefined) throw new Error("internal: a report of no runs");
  const { plan } = first;
  return {
    title: `${names.join(", ")} on ${dataName(plan)}`,
    job: [...job(planned, plan, facts), ...notes.map((value) => ({ label: "note", value }))],
    runs,
    recipes: labels.flatMap((label) => planned.find((run) => run.label === label) ?? []).map(recipe),
    environment: [
      ...(created === "" ? [] : [{ label: "date", value: created.slice(0, 10) }]),
      { label: "engine", value: `${plan.engine}, ${threads(planned)} threads` },
      ...(environment === undefined ? [] : machine(environment)),
    ],
    command,
  };
}

/** Of each run. Where some had fewer because they shared the machine, only the runs themselves know. */
const threads = (planned: readonly PlannedRun[]): string =>
  [...new Set(planned.map(({ plan }) => usableThreads(plan.threads)))].join(" or ");

const machine = ({ cpu, cores, memoryBytes, os, node, packages, gitCommit }: Environment): Fact[] => [
  { label: "processor", value: `${cpu}, ${cores} cores, ${formatBytes(memoryBytes)}` },
  { label: "system", value: `${os}, Node ${node}` },
  ...Object.entries(packages).map(([label, value]) => ({ label, value })),
  ...(gitCommit === undefined ? [] : [{ label: "commit", value: gitCommit }]),
];

function job(
  planned: readonly PlannedRun[],
  plan: RunPlan,
  { parameters, unit, tokensPerStep, vocabSize }: JobFacts,
): Fact[] {
  const evaluated =
    plan.evalBatches === undefined
      ? "the whole test set"
      : formatCountOf(plan.evalBatches, "batch", "batches");
  const own = Object.entries(plan.modelOptions).map(([name, value]) => `${name} ${write(value)}`);
  return [
    { label: "model", value: [plan.model, ...own].join(", ") },
    { label: "parameters", value: formatCount(parameters) },
    ...(unit === "evaluations" ? [] : [{ label: "data", value: dataName(plan) }]),
    ...(plan.augment === undefined ? [] : [{ label: "augmentation", value: plan.augment }]),
    ...(vocabSize === undefined
      ? []
      : [{ label: "tokenizer", value: `${plan.tokenizer}, ${formatCountOf(vocabSize, "token")}` }]),
    ...(unit === "evaluations" ? [] : [{ label: "batch", value: batchSize(plan, unit, tokensPerStep) }]),
    {
      label: "steps",
      value: `${formatCount(plan.steps)}, ${formatCount(plan.steps * tokensPerStep)} ${unit}`,
    },
    { label: "schedule", value: `${plan.schedule}, ${formatCountOf(plan.warmup, "step")} of warm-up` },
    ...(plan.clip === undefined ? [] : [{ label: "clipping", value: `global norm ${plan.clip}` }]),
    {
      label: "validation",
      value: `every ${plan.evalEvery === 1 ? "step" : `${formatCount(plan.evalEvery)} steps`}, ${evaluated}`,
    },
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

const batchSize = ({ batch }: RunPlan, unit: ExampleUnit, tokensPerStep: number): string =>
  unit === "tokens" ? `${batch} × ${tokensPerStep / batch} tokens` : `${batch} ${unit}`;

function dataName({ data, model }: RunPlan): string {
  if (data === noData) return model;
  return data === defaultText ? "Moby Dick" : basename(data);
}
const write = (value: Json): string => (typeof value === "string" ? value : JSON.stringify(value));
