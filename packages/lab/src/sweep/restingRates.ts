import { quietRun } from "../compare/planComparison.ts";
import { rateOptions } from "../plan/rates/chooseRates.ts";
import { resolvePlan } from "../plan/resolvePlan.ts";
import type { SweepSpec } from "./sweepSpec.ts";

/**
 * A sentence for each optimizer of which one learning rate varies and another does not: a method with a rate that was never
 * searched for loses against one that has a single rate, whatever it is worth.
 */
export function restingRates({ contenders, axes, base }: SweepSpec): string[] {
  const varied = new Set(axes.map(({ name }) => name));
  return contenders.flatMap(({ label, optimizer, options }) => {
    const rates = rateOptions(optimizer);
    if (!rates.some((name) => varied.has(name))) return [];
    const plan = resolvePlan(quietRun, base, { optimizer, optimizerOptions: options });
    return rates
      .filter((name) => !varied.has(name) && !Object.hasOwn(options, name))
      .map(
        (name) =>
          `${label}: ${name} stays at ${JSON.stringify(plan.optimizerOptions[name])} (${plan.rateOrigins[name] ?? "its default"}); ` +
          `to search for it, too: --over ${name}=LOW..HIGH`,
      );
  });
}
