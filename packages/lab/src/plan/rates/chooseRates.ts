import { modelKind } from "@steepest/models";
import { describeOptimizer } from "steepest";

import type { PlanInput } from "../planInput.ts";
import type { Json, JsonOptions, RateOrigin, RunPlan, UnratedPlan } from "../runPlan.ts";
import { tunedJobs } from "./tunedRates.ts";

/** The rates of a plan, and where each comes from. */
export interface ChosenRates {
  readonly options: JsonOptions;
  readonly origins: Readonly<Record<string, RateOrigin>>;
}

/** A job of up to this many times as many examples still counts as the one that was tuned: longer ones want smaller rates. */
const NEARLY = 4;
/** Trained weights are moved by this share of the method's own rate. */
const FINE = 0.1;

/** The options of an optimizer that are learning rates: its own and those of the AdamW beside it. */
export const rateOptions = (optimizer: string): string[] =>
  Object.keys(describeOptimizer(optimizer).options).filter((name) => /^(.*L|l)earningRate$/.test(name));

/**
 * The learning rates of a plan that nobody gave:
 *
 * - `measured`     the best found, where the plan is a job that was tuned: the same model, data and tokenizer, nothing
 *                  changed in the model, and at most four times as many examples
 * - `fine-tuning`  a tenth of the method's own, where training starts from weights
 * - `preset`       that of the authors' runs on networks of this kind, where the plan has its other options, too (`preset`)
 * - `published`    the method's own default, which is that of its paper or code, everywhere else
 *
 * A rate that was given is `given`, or what the run it comes from said.
 */
export function chooseRates(
  plan: UnratedPlan,
  inputs: readonly PlanInput[],
  preset: JsonOptions = {},
): ChosenRates {
  const { optimizer, optimizerOptions } = plan;
  const { options } = describeOptimizer(optimizer);
  const tuned = plan.weights === undefined ? tunedRates(plan) : undefined;
  const chosen = rateOptions(optimizer).map((name): readonly [string, Json, RateOrigin] => {
    const given = optimizerOptions[name];
    if (given !== undefined) return [name, given, givenOrigin(name, inputs)];
    const measured = tuned?.[name];
    if (measured !== undefined) return [name, measured, "measured"];
    const own = preset[name] ?? (options[name]?.default as Json);
    if (plan.weights !== undefined && typeof own === "number")
      return [name, Number((own * FINE).toPrecision(12)), "fine-tuning"];
    return [name, own, preset[name] === undefined ? "published" : "preset"];
  });
  return {
    options: Object.fromEntries(chosen.map(([name, value]) => [name, value])),
    origins: Object.fromEntries(chosen.map(([name, , origin]) => [name, origin])),
  };
}

/** The page of the search whose rates a plan has, if it has any of one. */
export function tunedPage(plan: RunPlan): string | undefined {
  return Object.values(plan.rateOrigins).includes("measured") ? tunedJob(plan)?.page : undefined;
}

const tunedRates = (plan: UnratedPlan): JsonOptions | undefined => tunedJob(plan)?.rates(plan.optimizer);

function tunedJob(plan: UnratedPlan) {
  const examples = plan.steps * plan.batch;
  const unchanged = Object.keys(plan.modelOptions).length === 0 && plan.context === undefined;
  return tunedJobs[modelKind(plan.model)].find(
    (job) =>
      unchanged &&
      job.models.includes(plan.model) &&
      job.data === plan.data &&
      (job.tokenizer === undefined || job.tokenizer === plan.tokenizer) &&
      examples <= job.examples * NEARLY &&
      job.rates(plan.optimizer) !== undefined,
  );
}

/** The last input that gives the option decides; one that is the plan of a run knows more. */
function givenOrigin(name: string, inputs: readonly PlanInput[]): RateOrigin {
  const giver = inputs.findLast(({ optimizerOptions }) => optimizerOptions?.[name] !== undefined);
  return giver?.rateOrigins?.[name] ?? "given";
}
