import { existsSync } from "node:fs";
import { join } from "node:path";

import type { RunPlan } from "../plan/runPlan.ts";
import { resumeRun } from "./resumeRun.ts";
import type { RunIo } from "./runIo.ts";
import type { RunResult } from "./runResult.ts";
import { trainRun } from "./trainRun.ts";

/**
 * A run into `io.out`, or with `resume` the rest of the one that is there. A folder whose `config.json` was never finished
 * counts as a new one. Rejects as `trainRun` and `resumeRun` do.
 */
export function beginOrContinue(plan: RunPlan, io: RunIo, resume: boolean): Promise<RunResult> {
  if (!resume || io.out === undefined || !existsSync(io.out)) return trainRun(plan, io);
  if (existsSync(join(io.out, "config.json"))) return resumeRun(io.out, { ...io, threads: plan.threads });
  return trainRun(plan, io);
}
