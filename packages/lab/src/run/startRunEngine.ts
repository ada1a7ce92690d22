import { engines } from "../engine/engines.ts";
import type { Snapshot, TrainingEngine } from "../engine/trainingEngine.ts";
import { UsageError } from "../plan/usageError.ts";
import type { PreparedRun } from "../prepare/preparedRun.ts";
import type { LedRanks } from "./ranks/leadRanks.ts";
import { usableThreads } from "./usableThreads.ts";

export interface StartOptions {
  /** Default: those of the plan. */
  readonly threads?: number | undefined;
  /** Where the run goes on from. Default: from the start. */
  readonly snapshot?: Snapshot | undefined;
  /** Who takes part. Default: this process alone. */
  readonly ranks?: LedRanks | undefined;
}

/** The engine of a prepared run. */
export async function startRunEngine(
  run: PreparedRun,
  { threads, snapshot, ranks }: StartOptions = {},
): Promise<TrainingEngine> {
  const { plan, model, optimizer, batches } = run;
  if (ranks !== undefined && plan.watch !== undefined)
    throw new UsageError("--watch looks at a run of one process: leave it out, or --ranks");
  if (ranks === undefined && plan.outerEvery !== undefined)
    throw new UsageError("--outer-every is for several ranks: add --ranks N, or leave it out");
  if (ranks !== undefined) return ranks.start(run, { threads: threads ?? plan.threads, snapshot });
  return engines[plan.engine]({
    model,
    optimizer,
    seed: plan.seed,
    accumulate: plan.accumulate,
    threads: usableThreads(threads ?? plan.threads),
    testTime: plan.testTime,
    example: await batches.train(0),
    ...(snapshot !== undefined && { snapshot }),
  });
}
