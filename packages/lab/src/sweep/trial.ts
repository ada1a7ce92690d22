import { sha256 } from "@steepest/models/node";
import type { Contender } from "../compare/contender.ts";
import { quietRun } from "../compare/planComparison.ts";
import type { PlanInput } from "../plan/planInput.ts";
import { resolvePlan } from "../plan/resolvePlan.ts";
import type { JsonOptions, RunPlan } from "../plan/runPlan.ts";
import { UsageError } from "../plan/usageError.ts";
import { settingOf } from "./setting.ts";
import type { SweepSpec } from "./sweepSpec.ts";

/** A place of the space that a sweep searches, for one optimizer. */
export interface Point {
  /** As the optimizer was written. */
  readonly label: string;
  readonly settings: JsonOptions;
}

/** A run of a sweep. */
export interface Trial extends Point {
  /** The same for the same plan, whatever sweep it is part of. */
  readonly id: string;
  readonly seed: number;
  /** Of the steps of the whole job, 0 to 1: a shorter run has a whole schedule of its own. */
  readonly share: number;
  readonly plan: RunPlan;
}

const ID_LENGTH = 10;

/** The trial of a point. Throws `UsageError`, `OptionError` or `ConfigError` where its plan cannot work. */
export function trialOf(spec: SweepSpec, point: Point, seed: number, share = 1): Trial {
  const contender = spec.contenders.find(({ label }) => label === point.label);
  if (contender === undefined) throw new Error(`internal: no optimizer ${point.label}`);
  const whole = planOf(spec, contender, point.settings, seed);
  const plan = share === 1 ? whole : shorter(whole, share);
  const { threads: _, ...decisive } = plan; // the numbers are the same with any
  return { ...point, seed, share, plan, id: sha256(JSON.stringify(decisive)).slice(0, ID_LENGTH) };
}

function planOf(spec: SweepSpec, contender: Contender, settings: JsonOptions, seed: number): RunPlan {
  const model = spec.base.model ?? resolvePlan(quietRun, spec.base).model;
  const own: Record<"optimizer" | "model" | "plan", Record<string, JsonOptions[string]>> = {
    optimizer: {},
    model: {},
    plan: {},
  };
  for (const [name, value] of Object.entries(settings)) {
    own[settingOf(name, spec.contenders, model).of][name] = value;
  }
  const { optimizer, options } = contender;
  const input: PlanInput = {
    ...own.plan,
    optimizer,
    optimizerOptions: { ...options, ...own.optimizer },
    modelOptions: own.model,
    seed,
  };
  const plan = resolvePlan(quietRun, spec.base, input);
  const steps = spec.sameExamples ? sameExamples(spec, plan) : plan.steps;
  const warmup =
    spec.base.warmup === undefined || steps === plan.steps ? undefined : Math.min(steps, spec.base.warmup);
  const evalEvery = spec.base.evalEvery ?? steps;
  return resolvePlan(quietRun, spec.base, input, { steps, warmup, evalEvery });
}

function sameExamples(spec: SweepSpec, { batch }: RunPlan): number {
  const usual = resolvePlan(quietRun, spec.base);
  const examples = usual.steps * usual.batch;
  const steps = Math.round(examples / batch);
  if (steps >= 1) return steps;
  throw new UsageError(`a batch of ${batch} is more than the ${examples} examples of the whole run`);
}

function shorter(whole: RunPlan, share: number): RunPlan {
  const steps = Math.max(1, Math.round(whole.steps * share));
  const warmup = Math.min(steps, Math.round(whole.warmup * share));
  return resolvePlan(whole, { steps, warmup, evalEvery: steps });
}

/** `learningRate 0.01, width 64`. */
export const describeSettings = (settings: JsonOptions): string =>
  Object.entries(settings)
    .map(([name, value]) => `${name} ${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(", ");
