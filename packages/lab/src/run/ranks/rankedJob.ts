import type { Collectives } from "../../collectives/collectives.ts";
import { microBatches } from "../../engine/accumulate.ts";
import type { HostTensors } from "../../engine/hostTensor.ts";
import type { Snapshot, TrainingJob } from "../../engine/trainingEngine.ts";
import { planOptimizer } from "../../plan/resolvePlan.ts";
import type { PreparedRun } from "../../prepare/preparedRun.ts";
import { usableThreads } from "../usableThreads.ts";
import { threadsOfRank } from "./threadsOfRank.ts";

/** A rank's part of a batch: of all parts, in their order, the one with its number. */
export function rankPart(batch: HostTensors, { rank, size }: Collectives): HostTensors {
  const part = microBatches(batch, size)[rank];
  if (part === undefined) throw new Error(`internal: no part ${rank} of a batch`);
  return part;
}

/** The job of one rank. Clipping needs the norm over all parameters, which no rank's optimizer sees. */
export async function rankedJob(
  { plan, model, batches }: PreparedRun,
  collectives: Collectives,
  { threads, snapshot }: { readonly threads: number | undefined; readonly snapshot: Snapshot | undefined },
): Promise<TrainingJob> {
  const { clip, ...unclipped } = plan;
  return {
    model,
    optimizer: planOptimizer(unclipped, model.roles()),
    seed: plan.seed,
    accumulate: plan.accumulate,
    threads: usableThreads(threadsOfRank(threads)),
    testTime: plan.testTime,
    example: rankPart(await batches.train(0), collectives),
    ...(snapshot !== undefined && { snapshot }),
    ranks: { collectives, clip },
  };
}
