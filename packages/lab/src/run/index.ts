export type { RunIo } from "./runIo.ts";
export type { RunObserver, RunStart, StepMetrics } from "./runObserver.ts";
export {
  type CheckpointPlan,
  type DataPlan,
  type EngineName,
  engineNames,
  type Json,
  type JsonOptions,
  type RunPlan,
  type ScheduleName,
  type SchedulePlan,
  scheduleNames,
  type ValidationPlan,
} from "./runPlan.ts";
export type { LossCurves, LossPoint, RunResult, RunSummary } from "./runResult.ts";
