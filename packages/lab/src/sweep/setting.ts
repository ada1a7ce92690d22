import { describeOptimizer, didYouMean } from "steepest";

import type { Contender } from "../compare/contender.ts";
import { modelSettings } from "../plan/modelSettings.ts";
import { settingNames } from "../plan/planInput.ts";
import { UsageError } from "../plan/usageError.ts";

/** Whose setting a name is, and whether its numbers are whole. */
export interface Setting {
  readonly of: "optimizer" | "model" | "plan";
  readonly whole: boolean;
}

/** Those of a plan that are no single value, or that a sweep has a flag of its own for. */
const notSwept: readonly string[] = [
  "optimizer",
  "optimizerOptions",
  "rateOrigins",
  "modelOptions",
  "seed",
  "threads",
  "watch",
  "watchEvery",
];
/** The numbers of a plan that need not be whole. */
const fractional: readonly string[] = ["clip"];

/**
 * The setting of a name: an option of one of the optimizers, a setting of the model, or one of the run, in this order. Throws
 * `UsageError` with the nearest name where it is none.
 */
export function settingOf(name: string, contenders: readonly Contender[], model: string): Setting {
  const options = contenders.flatMap(({ optimizer }) => Object.entries(describeOptimizer(optimizer).options));
  const option = options.find(([known]) => known === name);
  if (option !== undefined) return { of: "optimizer", whole: option[1].kind === "integer" };
  const own = modelSettings(model);
  const setting = own[name];
  if (setting !== undefined) return { of: "model", whole: Number.isSafeInteger(setting.default) };
  const swept = settingNames.filter((known) => !notSwept.includes(known));
  if (swept.some((known) => known === name)) return { of: "plan", whole: !fractional.includes(name) };
  if (name === "seed") throw new UsageError("seeds are not varied like other settings: use --seeds 0,1,2");
  if (name === "optimizer")
    throw new UsageError("optimizers are not varied with --over: name several, steepest sweep adamw muon");
  const names = [...new Set([...options.map(([known]) => known), ...Object.keys(own), ...swept])];
  throw new UsageError(
    `there is nothing called "${name}" to vary${didYouMean(name, names)}; options of the optimizer are ` +
      `${[...new Set(options.map(([known]) => known))].join(", ")}; settings of ${model} are ${Object.keys(own).join(", ")}`,
  );
}

/** Whether an optimizer reads a setting. */
export const hasSetting = ({ optimizer }: Contender, name: string, { of }: Setting): boolean =>
  of !== "optimizer" || Object.hasOwn(describeOptimizer(optimizer).options, name);
