import { readFileSync } from "node:fs";
import { join } from "node:path";
import { replaceFile } from "@steepest/models/node";

import { fileError } from "../files/fileError.ts";
import { scheduleFactors } from "../plan/planSchedule.ts";
import { resolvePlan } from "../plan/resolvePlan.ts";
import type { RunPlan } from "../plan/runPlan.ts";
import { UsageError } from "../plan/usageError.ts";
import { formatCount, formatCountOf } from "../text/quantities.ts";

/**
 * The plan of a run with another number of steps, of which `made` are made. The schedule is that of the new number from
 * there on: what was made stays as it was. Throws `UsageError` where there would be nothing to do.
 */
export function extendPlan(plan: RunPlan, steps: number, made: number): { plan: RunPlan; sentence: string } {
  if (steps <= made) {
    throw new UsageError(
      `--steps ${steps} is no more than the ${formatCountOf(made, "step that is", "steps that are")} made: ` +
        "give a larger number, or --from-step with an earlier checkpoint",
    );
  }
  const extended = resolvePlan(plan, { steps });
  const factor = (of: RunPlan, step: number): string =>
    String(Number((scheduleFactors(of)[step - 1] ?? 0).toPrecision(3)));
  const before = made === 0 ? "" : `, after ${factor(plan, made)} at step ${formatCount(made)}`;
  const sentence =
    `${formatCountOf(steps, "step")} instead of ${formatCount(plan.steps)}: from here on the schedule (${plan.schedule}) is that ` +
    `of a run of ${formatCount(steps)}; it multiplies the learning rates by ${factor(extended, made + 1)} at step ` +
    `${formatCount(made + 1)}${before}`;
  return { plan: extended, sentence };
}

/** Writes the new number of steps into a run's `config.json`, and since when it holds. */
export function recordExtension(runDir: string, { steps }: RunPlan, made: number): void {
  const path = join(runDir, "config.json");
  try {
    const config = JSON.parse(readFileSync(path, "utf8"));
    const extended = [...(config.extended ?? []), { afterStep: made, steps: config.plan.steps }];
    const changed = { ...config, plan: { ...config.plan, steps }, extended };
    replaceFile(path, `${JSON.stringify(changed, null, 2)}\n`);
  } catch (error) {
    throw fileError("write", path, error);
  }
}
