/** What one rank of `outer.test.ts` does: steps alone with outer steps between; rank 0 prints losses, weights and what was sent. */
import { gpt } from "@steepest/models";
import { createOptimizer } from "steepest";

import type { Collectives } from "../../src/collectives/collectives.ts";
import { joinRanks } from "../../src/collectives/joinRanks.ts";
import { launchedRank } from "../../src/collectives/launchedRank.ts";
import { microBatches } from "../../src/engine/accumulate.ts";
import type { HostTensors } from "../../src/engine/hostTensor.ts";
import { startOnnxEngine } from "../../src/engine/onnx/onnxEngine.ts";
import { startOuterEngine } from "../../src/engine/outer/startOuterEngine.ts";
import type { TrainingEngine } from "../../src/engine/trainingEngine.ts";

const launched = launchedRank();
if (launched === undefined) throw new Error("not started by a launcher");
const plain = joinRanks(launched);
const { rank, size } = plain;

/** Floats that all ranks have a part in, of sums and of copies. */
let floats = 0;
const count = (list: readonly { readonly data: Float32Array }[]): void => {
  for (const { data } of list) floats += data.length;
};
const collectives: Collectives = {
  ...plain,
  sumToOwners(sums) {
    count(sums);
    plain.sumToOwners(sums);
  },
  copyFromOwners(copies) {
    count(copies);
    plain.copyFromOwners(copies);
  },
};

const model = gpt({ vocabSize: 11, context: 6, width: 8, depth: 1, heads: 2 });
const batchOf = (seed: number): HostTensors => {
  const ids = (shift: number): Int32Array =>
    Int32Array.from({ length: 48 }, (_, i) => ((i + seed) * (i + shift) * 7 + 3) % 11);
  return {
    tokens: { dtype: "int32", shape: [8, 6], data: ids(1) },
    targets: { dtype: "int32", shape: [8, 6], data: ids(2) },
  };
};

const STEPS = 8;
async function ran(engine: TrainingEngine): Promise<object> {
  floats = 0;
  const losses: number[] = [];
  for (let step = 0; step < STEPS; step++)
    losses.push((await engine.step(microBatches(batchOf(step), size)[rank] ?? {}, step)).loss);
  const sent = floats;
  const { params, state } = await engine.snapshot();
  const { stateOfRanks, parameters } = engine;
  engine.dispose();
  const weights = Object.values(params).flatMap(({ data }) => [...data]);
  return { losses, weights, sent, parameters, stateOfRanks, keys: Object.keys(state) };
}

interface Job {
  readonly optimizer: string;
  /** Absent: every step together. */
  readonly every?: number;
  readonly learningRate?: number;
  readonly momentum?: number;
}

const found: object[] = [];
for (const { optimizer, every, learningRate = 1, momentum = 0 } of JSON.parse(
  process.argv[2] ?? "[]",
) as Job[]) {
  const job = {
    model,
    optimizer: createOptimizer(optimizer, { learningRate: 0.05, roles: model.roles() }),
    seed: 1,
    threads: 1,
  };
  const engine =
    every === undefined
      ? await startOnnxEngine({ ...job, ranks: { collectives } })
      : await startOuterEngine(startOnnxEngine, job, collectives, {
          ...{ every, learningRate, momentum, steps: STEPS },
        });
  found.push(await ran(engine));
}
if (rank === 0) console.log(JSON.stringify(found));
plain.finalize();
