import type { PlanInput } from "../plan/planInput.ts";
import { resolvePlan } from "../plan/resolvePlan.ts";
import type { RunPlan } from "../plan/runPlan.ts";
import type { Contender } from "./contender.ts";

/** A run of a comparison that is still to be made. */
export interface PlannedRun {
  readonly label: string;
  readonly plan: RunPlan;
}

/** A comparison keeps its results, not its way there, unless told otherwise: one checkpoint, for a kill or a power cut. */
export const quietRun: PlanInput = { keepCheckpoints: 1, sampleTokens: 0 };

/**
 * The runs of a comparison: every optimizer with the first seed, then every one with the second, so that an early end
 * leaves whole comparisons and a machine that grows slower slows all alike. Everything but the optimizer is the same.
 * Throws where a plan cannot work, before anything runs.
 */
export function planComparison(
  contenders: readonly Contender[],
  seeds: readonly number[],
  ...inputs: readonly PlanInput[]
): PlannedRun[] {
  return seeds.flatMap((seed) =>
    contenders.map(({ label, optimizer, options }) => ({
      label,
      plan: resolvePlan(quietRun, ...inputs, {
        optimizer,
        optimizerOptions: options,
        seed,
      }),
    })),
  );
}
