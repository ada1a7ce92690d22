/**
 * How long the parts of a step take, by ranks: `mpirun -n 2 node --import tsx bench/ranks/measureRanks.ts muon 256 4`, or without
 * mpirun for one rank. Optimizer, width, depth, steps, threads and sequences of a rank may follow. Rank 0 prints a line of JSON: the least of all steps,
 * in ms, of the slowest rank. On a machine that is not quiet, only times of processors (`Cpu`) mean much; waiting counts there, too,
 * so there is none for messages.
 */
import { type GptConfig, gpt } from "@steepest/models";
import { createOptimizer } from "steepest";

import type { Collectives } from "../../packages/lab/src/collectives/collectives.ts";
import { joinRanks } from "../../packages/lab/src/collectives/joinRanks.ts";
import { launchedRank } from "../../packages/lab/src/collectives/launchedRank.ts";
import { oneRank } from "../../packages/lab/src/collectives/oneRank.ts";
import type { HostTensors } from "../../packages/lab/src/engine/hostTensor.ts";
import { startOnnxEngine } from "../../packages/lab/src/engine/onnx/onnxEngine.ts";

const [optimizer = "muon", width = "256", depth = "4", steps = "12", threads = "1", each = "4"] =
  process.argv.slice(2);

const launched = launchedRank();
const plain = launched === undefined ? oneRank : joinRanks(launched);
const { rank, size } = plain;

/** Wall clock and time of processors, in ms. */
const now = () => {
  const { user, system } = process.cpuUsage();
  return { wall: performance.now(), cpu: (user + system) / 1000 };
};
type Moment = ReturnType<typeof now>;
const since = (start: Moment): Moment => {
  const { wall, cpu } = now();
  return { wall: wall - start.wall, cpu: cpu - start.cpu };
};

/** The parts of this step. A step asks for all losses after the gradients, and for all norms before the update. */
const step = { gradients: now(), sum: 0, update: now(), copy: 0 };
let [begun, asked] = [now(), 0];
const timed: Collectives = {
  ...plain,
  sumToOwners(sums) {
    const { wall } = now();
    plain.sumToOwners(sums);
    step.sum += now().wall - wall;
  },
  allGather(numbers) {
    if (asked === 0) step.gradients = since(begun);
    const all = plain.allGather(numbers);
    asked++;
    begun = now();
    return all;
  },
  copyFromOwners(copies) {
    if (asked > 1) step.update = since(begun);
    const { wall } = now();
    plain.copyFromOwners(copies);
    step.copy += now().wall - wall;
  },
};

const context = 64;
const sequences = Number(each);
const shape: GptConfig = {
  vocabSize: 96,
  context,
  width: Number(width),
  depth: Number(depth),
  heads: Math.max(1, Number(width) / 64),
};
const model = gpt(shape);
const ids = Int32Array.from({ length: sequences * context }, (_, i) => (i * i + 7 * i) % 96);
const batch: HostTensors = {
  tokens: { dtype: "int32", shape: [sequences, context], data: ids },
  targets: { dtype: "int32", shape: [sequences, context], data: ids.map((id) => (id + 1) % 96) },
};
const engine = await startOnnxEngine({
  model,
  optimizer: createOptimizer(optimizer, { roles: model.roles() }),
  seed: 1,
  threads: Number(threads),
  ranks: { collectives: timed },
});

const names = ["gradients", "sum", "update", "copy", "step", "gradientsCpu", "updateCpu", "stepCpu"] as const;
const least = new Map<string, number>();
for (let i = 0; i < Number(steps); i++) {
  plain.barrier();
  Object.assign(step, { sum: 0, copy: 0 });
  [begun, asked] = [now(), 0];
  const before = now();
  const { ms } = await engine.step(batch, i);
  const stepCpu = since(before).cpu;
  if (i < 2) continue; // compiles
  const { gradients, sum, update, copy } = step;
  const all = plain.allGather([
    gradients.wall,
    sum,
    update.wall,
    copy,
    ms,
    gradients.cpu,
    update.cpu,
    stepCpu,
  ]);
  for (const [k, name] of names.entries()) {
    const slowest = Math.max(...all.map((one) => one[k] ?? 0));
    least.set(name, Math.min(least.get(name) ?? slowest, slowest));
  }
}
if (rank === 0) {
  const rounded = Object.fromEntries([...least].map(([name, ms]) => [name, Number(ms.toFixed(2))]));
  const { parameterCount: parameters } = model;
  const megabytes = engine.stateOfRanks?.map((floats) => Number((4e-6 * floats).toFixed(2)));
  console.log(JSON.stringify({ optimizer, parameters, ranks: size, ...rounded, megabytes }));
}
engine.dispose();
plain.finalize();
