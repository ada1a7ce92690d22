export type { RunObserver, RunStart, StepMetrics } from "../plan/runObserver.ts";
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
} from "../plan/runPlan.ts";
export { type ResumeOptions, resumeRun } from "./resumeRun.ts";
export { NonFiniteLossError, RunInterruptedError } from "./runErrors.ts";
export type { RunIo } from "./runIo.ts";
export type { LossCurves, LossPoint, RunResult, RunSummary } from "./runResult.ts";
export { trainRun } from "./trainRun.ts";
