import { resolve } from "node:path";
import { createLanguageModel } from "@steepest/models";
import { createOptimizer, describeOptimizer, type Optimizer, type Roles } from "steepest";
import { UsageError } from "../commands/usageError.ts";
import { defaultJob } from "../defaults/defaultJob.ts";
import { defaultOptions } from "../defaults/defaultOptions.ts";
import { defaultText, type JsonOptions, type RunPlan } from "../run/runPlan.ts";
import type { PlanInput } from "./planInput.ts";
import { planSchedule } from "./planSchedule.ts";

/**
 * A whole plan: later inputs win, then the defaults of the job. Options of optimizer and model are merged name
 * by name, and the defaults of every option are written out, so that the plan means the same in a later
 * version. Throws where the plan cannot work, before anything is read or written (`UsageError`, and
 * `OptionError` of `steepest`, `ConfigError` of `@steepest/models`).
 */
export function resolvePlan(...inputs: readonly PlanInput[]): RunPlan {
  const given: Present<PlanInput> = Object.assign({}, ...inputs.map(withoutUndefined));
  const optimizer = describeOptimizer(given.optimizer ?? defaultJob.optimizer).name;
  const steps = given.steps ?? defaultJob.steps;
  const plan: RunPlan = {
    ...defaultJob,
    ...given,
    optimizer,
    optimizerOptions: {
      ...defaultOptions[optimizer],
      ...mergeOptions(inputs, "optimizer", "optimizerOptions"),
    },
    modelOptions: mergeOptions(inputs, "model", "modelOptions"),
    steps,
    warmup: given.warmup ?? Math.min(20, Math.floor(steps / 10)),
    data: given.data === undefined || given.data === defaultText ? defaultText : resolve(given.data),
  };
  for (const name of ["schedule", "clipGlobalNorm", "roles"]) {
    if (Object.hasOwn(plan.optimizerOptions, name)) {
      throw new UsageError(
        `"${name}" is no option of an optimizer here: use the settings schedule, warmup and clip`,
      );
    }
  }
  createLanguageModel(plan.model, modelSettings(plan, 1)); // throws for a wrong name or setting
  const { options } = planOptimizer(plan);
  return { ...plan, optimizerOptions: jsonOptions(plan.optimizerOptions, options) };
}

/** The options given and the defaults of the others. */
function jsonOptions(given: JsonOptions, resolved: Readonly<Record<string, unknown>>): JsonOptions {
  return { ...(withoutUndefined(resolved) as JsonOptions), ...given };
}

/** What `createLanguageModel` is told. */
export function modelSettings(plan: RunPlan, vocabSize: number): { vocabSize: number } & JsonOptions {
  return { ...plan.modelOptions, ...(plan.context !== undefined && { context: plan.context }), vocabSize };
}

/** The optimizer of a plan, with its schedule and clipping. */
export function planOptimizer(plan: RunPlan, roles?: Roles): Optimizer {
  return createOptimizer(plan.optimizer, {
    ...plan.optimizerOptions,
    schedule: planSchedule(plan),
    clipGlobalNorm: plan.clip,
    roles,
  });
}

/** Options of all inputs, name by name. An input that names another owner begins anew. */
function mergeOptions(
  inputs: readonly PlanInput[],
  owner: "optimizer" | "model",
  name: "optimizerOptions" | "modelOptions",
): JsonOptions {
  let merged: JsonOptions = {};
  let current: string | undefined;
  for (const input of inputs) {
    const named = input[owner];
    if (named !== undefined && current !== undefined && named !== current) merged = {};
    current = named ?? current;
    merged = { ...merged, ...input[name] };
  }
  return merged;
}

type Present<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> };

function withoutUndefined<T extends object>(object: T): Present<T> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as Present<T>;
}
