import type { RunPlan } from "../plan/runPlan.ts";
import type { RunIo } from "../run/runIo.ts";
import type { RunResult } from "../run/runResult.ts";
import { trainRun } from "../run/trainRun.ts";

/** Makes one run; rejects as `trainRun` does. */
export type Runner = (plan: RunPlan, io: RunIo) => Promise<RunResult>;

/**
 * Runs here. Fast to start, but what a run leaves behind (memory, compiled code, a crash) is there for the next, and
 * the peak memory of later runs is that of the largest so far.
 */
export const runHere: Runner = trainRun;
