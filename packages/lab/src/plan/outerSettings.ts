import { outerDefaults } from "./defaultJob.ts";
import type { PlanInput } from "./planInput.ts";
import type { RunPlan } from "./runPlan.ts";
import { UsageError } from "./usageError.ts";

/** The settings of outer steps, with defaults where there are such steps. Throws `UsageError` for some of them without a distance. */
export function outerSettings({
  outerEvery,
  outerLearningRate,
  outerMomentum,
}: PlanInput): Pick<RunPlan, "outerEvery" | "outerLearningRate" | "outerMomentum"> {
  if (outerEvery !== undefined) {
    return {
      outerEvery,
      outerLearningRate: outerLearningRate ?? outerDefaults.outerLearningRate,
      outerMomentum: outerMomentum ?? outerDefaults.outerMomentum,
    };
  }
  if (outerLearningRate === undefined && outerMomentum === undefined) return {};
  throw new UsageError(
    "outerLearningRate and outerMomentum are those of an outer step: say with outerEvery how many steps lie between two",
  );
}
