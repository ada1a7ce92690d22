/** What one rank of `rankedEngine.test.ts` does: short runs with its part of each batch; rank 0 prints how they compare. */
import { gpt } from "@steepest/models";
import { createOptimizer } from "steepest";

import { joinRanks } from "../../src/collectives/joinRanks.ts";
import { launchedRank } from "../../src/collectives/launchedRank.ts";
import { oneRank } from "../../src/collectives/oneRank.ts";
import { microBatches } from "../../src/engine/accumulate.ts";
import type { HostTensors } from "../../src/engine/hostTensor.ts";
import { startOnnxEngine } from "../../src/engine/onnx/onnxEngine.ts";
import type { Snapshot, TrainingEngine } from "../../src/engine/trainingEngine.ts";

interface Job {
  readonly optimizer: string;
  readonly accumulate?: number;
  readonly clip?: number;
  readonly weightDecay?: number;
  readonly steps?: number;
}

const launched = launchedRank();
if (launched === undefined) throw new Error("not started by a launcher");
const collectives = joinRanks(launched);
const { rank, size } = collectives;

const model = gpt({ vocabSize: 11, context: 6, width: 8, depth: 1, heads: 2 });
const batchOf = (seed: number): HostTensors => {
  const ids = (shift: number): Int32Array =>
    Int32Array.from({ length: 48 }, (_, i) => ((i + seed) * (i + shift) * 7 + 3) % 11);
  return {
    tokens: { dtype: "int32", shape: [8, 6], data: ids(1) },
    targets: { dtype: "int32", shape: [8, 6], data: ids(2) },
  };
};

const optimizerOf = ({ optimizer, clip, weightDecay }: Job, clipped: boolean) =>
  createOptimizer(optimizer, {
    learningRate: 0.02,
    ...(weightDecay !== undefined && { weightDecay }),
    roles: model.roles(),
    ...(clipped && clip !== undefined && { clipGlobalNorm: clip }),
  });

async function stepsOf(engine: TrainingEngine, { steps = 3 }: Job, batch: (step: number) => HostTensors) {
  const seen: { loss: number; gradNorm: number }[] = [];
  for (let step = 0; step < steps; step++) {
    const { loss, gradNorm, fault } = await engine.step(batch(step), step);
    if (fault !== undefined) throw new Error(fault);
    seen.push({ loss, gradNorm });
  }
  const snapshot = await engine.snapshot();
  const { stateOfRanks, stateFloats } = engine;
  engine.dispose();
  return { seen, snapshot, stateOfRanks, stateFloats };
}

/** The job by all ranks. */
async function together(job: Job) {
  const { accumulate = 1, clip } = job;
  const engine = await startOnnxEngine({
    model,
    optimizer: optimizerOf(job, false),
    seed: 1,
    threads: 1,
    accumulate,
    ranks: { collectives, clip },
  });
  return stepsOf(engine, job, (step) => microBatches(batchOf(step), size)[rank] ?? {});
}

/** The same job by this process alone: as the only rank, with the parts of all one after the other, or as a plain run. */
async function alone(job: Job, parts?: number) {
  const engine = await startOnnxEngine({
    model,
    optimizer: optimizerOf(job, parts === undefined),
    seed: 1,
    threads: 1,
    ...(parts !== undefined && { accumulate: parts, ranks: { collectives: oneRank, clip: job.clip } }),
  });
  return stepsOf(engine, job, batchOf);
}

const numbersOf = ({ params, state }: Snapshot): number[] =>
  [...Object.values(params), ...Object.values(state)].flatMap(({ data }) => [...data]);
const keysOf = ({ params, state }: Snapshot): string[] => [...Object.keys(params), ...Object.keys(state)];

/** The largest difference of two runs in parameters and state, and in what their steps reported. */
function compare(
  a: Awaited<ReturnType<typeof together>>,
  b: Awaited<ReturnType<typeof alone>>,
): Record<string, unknown> {
  const [left, right] = [numbersOf(a.snapshot), numbersOf(b.snapshot)];
  const worst = (x: readonly number[], y: readonly number[]): number =>
    x.length === y.length ? Math.max(0, ...x.map((v, i) => Math.abs(v - (y[i] ?? Number.NaN)))) : Number.NaN;
  return {
    keys: String(keysOf(a.snapshot)) === String(keysOf(b.snapshot)),
    numbers: worst(left, right),
    loss: worst(
      a.seen.map(({ loss }) => loss),
      b.seen.map(({ loss }) => loss),
    ),
    gradNorm: worst(
      a.seen.map(({ gradNorm }) => gradNorm),
      b.seen.map(({ gradNorm }) => gradNorm),
    ),
    stateFloats: a.stateFloats === b.stateFloats,
    stateOfRanks: a.stateOfRanks,
    whole: b.stateFloats,
  };
}

const jobs = JSON.parse(process.argv[2] ?? "[]") as Job[];
const found: Record<string, unknown>[] = [];
for (const job of jobs) {
  const { accumulate = 1 } = job;
  const shared = await together(job);
  if (rank !== 0) continue;
  const oneByOne = compare(shared, await alone(job, size * accumulate));
  found.push({ ...job, oneByOne, plain: compare(shared, await alone(job)) });
}
if (rank === 0) console.log(JSON.stringify(found));
collectives.finalize();
