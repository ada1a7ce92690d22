import type { RunIo } from "./runIo.ts";
import type { RunPlan } from "./runPlan.ts";
import type { RunResult } from "./runResult.ts";

/**
 * One run, from the first step to the last, into a run folder.
 *
 * Rejects with `NonFiniteLossError` when the loss stops being a number (the folder and its last good
 * checkpoint stay) and with `RunInterruptedError` when asked to stop.
 */
export async function trainRun(plan: RunPlan, io: RunIo = {}): Promise<RunResult> {
  throw new Error(`not built yet: ${plan.optimizer.name} ${io.out ?? ""}`);
}
