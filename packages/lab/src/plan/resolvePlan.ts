import { resolve } from "node:path";
import { createModel, type ModelKind, modelKind } from "@steepest/models";
import { dataNames } from "@steepest/models/node";
import { createOptimizer, describeOptimizer, type Optimizer, type Roles } from "steepest";
import { defaultJob, kindDefaults, SAMPLES, WATCH_EVERY } from "./defaultJob.ts";
import { expectDepth } from "./expectDepth.ts";
import { imageOptions } from "./imageOptions.ts";
import { placeholderFacts } from "./modelSettings.ts";
import { outerSettings } from "./outerSettings.ts";
import { parseAugmentation } from "./parseAugmentation.ts";
import { pathOrName } from "./pathOrName.ts";
import type { PlanInput } from "./planInput.ts";
import { planSchedule } from "./planSchedule.ts";
import { chooseRates } from "./rates/chooseRates.ts";
import { type JsonOptions, noData, type RunPlan, tokenizerNames, type UnratedPlan } from "./runPlan.ts";
import { UsageError } from "./usageError.ts";
import { watchedNames } from "./watch/watchedNames.ts";
import { withModelOfWeights } from "./weights/modelOfWeights.ts";
import { tokenizerOfWeights } from "./weights/tokenizerOfWeights.ts";

/**
 * A whole plan: later inputs win, then the defaults of the job, which depend on the kind of the model. Options of
 * optimizer and model are merged name by name, and the defaults of every option are written out, so that the plan
 * means the same in a later version. Where weights are given and no model, it is the model of the weights. Throws where the plan cannot work, before anything is read or written
 * (`UsageError`, and `OptionError` of `steepest`, `ConfigError` of `@steepest/models`).
 */
export function resolvePlan(...given: readonly PlanInput[]): RunPlan {
  return planOf(withModelOfWeights(given));
}

function planOf(inputs: readonly PlanInput[]): RunPlan {
  const { batchTokens: _, ...given }: Present<PlanInput> = Object.assign({}, ...inputs.map(withoutUndefined));
  const optimizer = describeOptimizer(given.optimizer ?? defaultJob.optimizer).name;
  const kind = modelKind(given.model ?? defaultJob.model);
  const own = kindDefaults[kind];
  const steps = given.steps ?? own.steps;
  const weights = given.weights === undefined ? undefined : resolve(given.weights);
  const sampled = kind === "language" && (given.sampleTokens ?? own.sampleTokens) > 0;
  const tokenizer = given.tokenizer ?? tokenizerOfWeights(weights) ?? defaultJob.tokenizer;
  const plan: UnratedPlan = {
    ...defaultJob,
    ...own,
    ...given,
    optimizer,
    optimizerOptions: mergeOptions(inputs, "optimizer", "optimizerOptions"),
    modelOptions: mergeOptions(inputs, "model", "modelOptions"),
    steps,
    warmup: given.warmup ?? Math.min(20, Math.floor(steps / 10)),
    data: pathOrName(given.data ?? own.data, [...dataNames, noData]),
    tokenizer: pathOrName(tokenizer, tokenizerNames),
    ...(weights !== undefined && { weights }),
    ...outerSettings(given),
    ...(sampled && { sampleEvery: given.sampleEvery ?? Math.ceil(steps / SAMPLES) }),
  };
  for (const name of ["schedule", "clipGlobalNorm", "roles"]) {
    if (Object.hasOwn(plan.optimizerOptions, name)) {
      throw new UsageError(
        `"${name}" is no option of an optimizer here: use the settings schedule, warmup and clip`,
      );
    }
  }
  expectSettingsOf(kind, plan);
  parseAugmentation(plan.augment);
  expectDepth(plan.modelOptions);
  const model = createModel(plan.model, { ...modelOptions(plan), ...placeholderFacts[kind] }); // throws for a wrong name or setting
  const sized = { ...plan, batch: batchSize(plan, inputs) };
  const { accumulate } = sized;
  if (sized.batch % accumulate !== 0) {
    throw new UsageError(
      `accumulate must divide the batch: ${sized.batch} / ${accumulate} is not whole; ` +
        `take a batch of ${Math.ceil(sized.batch / accumulate) * accumulate}`,
    );
  }
  const preset = imageOptions(sized);
  const { options: rates, origins: rateOrigins } = chooseRates(sized, inputs, preset);
  const chosen = { ...preset, ...sized.optimizerOptions, ...rates };
  const { options, needs } = planOptimizer({ ...sized, optimizerOptions: chosen, rateOrigins });
  if (needs !== undefined && accumulate > 1) {
    throw new UsageError(
      `${optimizer} looks at more than gradients and takes a batch whole: leave accumulate out`,
    );
  }
  const resolved = { ...sized, optimizerOptions: jsonOptions(chosen, options), rateOrigins };
  return { ...resolved, ...watching(resolved, model, given.watchEvery) };
}

/** The diagnostics by name, and how often, where some are asked for. */
function watching(
  plan: RunPlan,
  model: ReturnType<typeof createModel>,
  every: number | undefined,
): Pick<RunPlan, "watch" | "watchEvery"> {
  if (plan.watch === undefined) {
    if (every !== undefined)
      throw new UsageError("watchEvery says how often to look, and watch is missing: say at what");
    return {};
  }
  const names = watchedNames(plan.watch, { plan, model, optimizer: planOptimizer(plan, model.roles()) });
  return { watch: names.join(","), watchEvery: every ?? WATCH_EVERY };
}

/** Settings that one kind of model has and the others do not. */
const settingsOf: Readonly<Record<ModelKind, readonly (keyof UnratedPlan)[]>> = {
  language: ["context", "textColumn", "order", "sampleEvery"],
  image: ["imageSize", "augment", "testTime", "statisticsBatches"],
  problem: [],
};

const fed: Readonly<Record<ModelKind, string>> = {
  language: "text",
  image: "images",
  problem: "nothing: it is a problem of its own",
};

function expectSettingsOf(kind: ModelKind, plan: UnratedPlan): void {
  for (const [other, names] of Object.entries(settingsOf)) {
    const found = other === kind ? undefined : names.find((name) => plan[name] !== undefined);
    if (found === undefined) continue;
    throw new UsageError(
      `"${found}" is a setting for ${other} models, and ${plan.model} is trained on ${fed[kind]}: leave it out`,
    );
  }
  if ((kind === "problem") === (plan.data === noData)) return;
  throw new UsageError(
    kind === "problem"
      ? `${plan.model} is a problem of its own and needs no data: leave --data out`
      : `${plan.model} needs data to be trained on: give --data ${kindDefaults[kind].data}, or a path`,
  );
}

/** Sequences per step, as the last input that speaks of it says. */
function batchSize(plan: UnratedPlan, inputs: readonly PlanInput[]): number {
  const last = inputs.findLast(({ batch, batchTokens }) => batch !== undefined || batchTokens !== undefined);
  if (last?.batchTokens === undefined) return plan.batch;
  if (last.batch !== undefined) throw new UsageError("give batch or batchTokens, not both");
  const model = createModel(plan.model, {
    ...modelOptions(plan),
    ...placeholderFacts[modelKind(plan.model)],
  });
  if (model.kind !== "language") {
    throw new UsageError(`batchTokens is for text, and ${plan.model} is fed ${fed[model.kind]}: use batch`);
  }
  const { context } = model;
  if (last.batchTokens % context === 0) return last.batchTokens / context;
  const near = Math.max(1, Math.round(last.batchTokens / context)) * context;
  throw new UsageError(
    `batchTokens must be a multiple of the ${context} tokens of a sequence, got ${last.batchTokens}; take ${near}`,
  );
}

/** The options given and the defaults of the others. */
function jsonOptions(given: JsonOptions, resolved: Readonly<Record<string, unknown>>): JsonOptions {
  return { ...(withoutUndefined(resolved) as JsonOptions), ...given };
}

/** What the plan tells `createModel`; what the data decide is missing. */
export function modelOptions({
  modelOptions: given,
  context,
}: Pick<RunPlan, "modelOptions" | "context">): JsonOptions {
  const { whitening: _, ...options } = given; // decided with the data, see `imageFacts`
  return { ...options, ...(context !== undefined && { context }) };
}

/** The optimizer of a plan, with its schedule and clipping. */
export function planOptimizer(plan: RunPlan, roles?: Roles, schedule = planSchedule(plan)): Optimizer {
  return createOptimizer(plan.optimizer, {
    ...plan.optimizerOptions,
    schedule,
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
