export { parseNumber } from "./numberText.ts";
export { type PlanInput, parsePlanInput } from "./planInput.ts";
export { resolvePlan } from "./resolvePlan.ts";
export type { RunObserver, RunStart, StepMetrics } from "./runObserver.ts";
export {
  defaultText,
  type EngineName,
  engineNames,
  type Json,
  type JsonOptions,
  noData,
  type RunPlan,
  type ScheduleName,
  scheduleNames,
  tokenizerNames,
} from "./runPlan.ts";
export { UsageError } from "./usageError.ts";
