export { describeEnvironment, type Environment, versionOf } from "./environment.ts";
export { evaluateRun } from "./evaluateRun.ts";
export { type ResumeOptions, resumeRun } from "./resumeRun.ts";
export { NonFiniteLossError, RunInterruptedError } from "./runErrors.ts";
export type { RunIo } from "./runIo.ts";
export type { LossCurves, LossPoint, RunResult, RunSummary } from "./runResult.ts";
export { trainRun } from "./trainRun.ts";
