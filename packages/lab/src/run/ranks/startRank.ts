import type { Collectives } from "../../collectives/collectives.ts";
import { microBatches } from "../../engine/accumulate.ts";
import type { HostTensors } from "../../engine/hostTensor.ts";
import { startOnnxEngine } from "../../engine/onnx/onnxEngine.ts";
import { startOuterEngine } from "../../engine/outer/startOuterEngine.ts";
import type { Snapshot, TrainingEngine, TrainingJob } from "../../engine/trainingEngine.ts";
import { outerDefaults } from "../../plan/defaultJob.ts";
import { planOptimizer } from "../../plan/resolvePlan.ts";
import type { PreparedRun } from "../../prepare/preparedRun.ts";
import { usableThreads } from "../usableThreads.ts";
import { threadsOfRank } from "./threadsOfRank.ts";

export interface RankOptions {
  readonly threads: number | undefined;
  readonly snapshot: Snapshot | undefined;
}

/** A rank's part of a batch: of all parts, in their order, the one with its number. */
export function rankPart(batch: HostTensors, { rank, size }: Collectives): HostTensors {
  const part = microBatches(batch, size)[rank];
  if (part === undefined) throw new Error(`internal: no part ${rank} of a batch`);
  return part;
}

/** The engine of one rank: for steps that all make together, or for steps of its own with outer steps now and then. */
export async function startRank(
  run: PreparedRun,
  collectives: Collectives,
  options: RankOptions,
): Promise<TrainingEngine> {
  const { outerEvery, outerLearningRate, outerMomentum } = run.plan;
  const job = await rankedJob(run, collectives, options);
  if (outerEvery === undefined) return startOnnxEngine(job);
  return startOuterEngine(startOnnxEngine, { ...job, optimizer: run.optimizer }, collectives, {
    every: outerEvery,
    steps: run.plan.steps,
    learningRate: outerLearningRate ?? outerDefaults.outerLearningRate,
    momentum: outerMomentum ?? outerDefaults.outerMomentum,
  });
}

/** The job of one rank. Clipping needs the norm over all parameters, which no rank's optimizer sees. */
async function rankedJob(
  { plan, model, batches }: PreparedRun,
  collectives: Collectives,
  { threads, snapshot }: RankOptions,
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
