import type { RunPlan } from "../plan/runPlan.ts";
import { beginOrContinue } from "../run/beginOrContinue.ts";
import type { RunIo } from "../run/runIo.ts";
import type { RunResult } from "../run/runResult.ts";

/** What a runner is told besides the plan. */
export interface RunnerIo extends RunIo {
  /** Go on with what is in the folder, if something is. */
  readonly resume?: boolean;
}

/** Makes one run; rejects as `trainRun` does. */
export type Runner = (plan: RunPlan, io: RunnerIo) => Promise<RunResult>;

/**
 * Runs here. Fast to start, but what a run leaves behind (memory, compiled code, a crash) is there for the next, and
 * the peak memory of later runs is that of the largest so far.
 */
export const runHere: Runner = (plan, { resume = false, ...io }) => beginOrContinue(plan, io, resume);
