/** The tables of docs/scale.md for many machines, from the model: `npx tsx bench/ranks/scaleTable.ts`. Nothing is measured here. */
import { numpy as np } from "@jax-js/jax";
import { type GptConfig, gpt } from "@steepest/models";
import { createOptimizer, disposeTree, type Tree } from "steepest";

import { shareOut } from "../../packages/lab/src/engine/ranks/shareOut.ts";
import { updateCost } from "../../packages/lab/src/engine/ranks/updateCost.ts";
import { predictStep, type StepParts, saturatesAt, wireSeconds } from "./predictStep.ts";

/** A machine: 16 cores, each as fast as that of docs/results/ranks.md, at 10 Gbit/s. */
const CORES = 16;
/** 6 · 3.19e6 parameters · 256 tokens in 90 ms of one core. */
const GRADIENT_FLOPS = CORES * 54e9;
const NETWORK = { bytesPerSecond: 10e9 / 8, latency: 20e-6 };
/** Tokens of a step, of all machines: 512 sequences of 1,024. */
const SEQUENCES = 512;
const CONTEXT = 1024;

/** Measured at width 256 on one core: ms an update against what `updateCost` says in ms at 70 GFLOP/s, and floats of state. */
const methods = [
  { name: "adamw", measured: 5.5, state: 2 },
  { name: "muon", measured: 244, state: 1 },
  { name: "scion", measured: 232, state: 1 },
  { name: "mano_v2", measured: 8.1, state: 1 },
  { name: "soap", measured: 518, state: 9 },
] as const;

const sizes: readonly { readonly label: string; readonly shape: Omit<GptConfig, "vocabSize" | "context"> }[] =
  [
    { label: "124 M", shape: { width: 768, depth: 12, heads: 12 } },
    { label: "1 B", shape: { width: 1792, depth: 24, heads: 28 } },
    { label: "8 B", shape: { width: 4096, depth: 39, heads: 32 } },
  ];
const machines = [1, 8, 64, 1024];

/** The costs of all updates of a model, by path. Zeros stand for the weights and take no memory. */
function tasksOf(optimizer: string, config: GptConfig): { path: string; cost: number }[] {
  const model = gpt(config);
  const params: Tree = Object.fromEntries(
    model.parameters.map(({ path, shape }) => [path, np.zeros([...shape])]),
  );
  const tasks = createOptimizer(optimizer, { roles: model.roles() })
    .assign(params)
    .map((assignment) => ({ path: assignment.path, cost: updateCost(assignment) }));
  disposeTree(params);
  return tasks;
}
const total = (tasks: readonly { cost: number }[]): number => tasks.reduce((sum, { cost }) => sum + cost, 0);

function shareOf(tasks: readonly { path: string; cost: number }[], ranks: number): number {
  const loads = new Array<number>(ranks).fill(0);
  const owners = shareOut(tasks, ranks);
  for (const { path, cost } of tasks) {
    const rank = owners.get(path) ?? 0;
    loads[rank] = (loads[rank] ?? 0) + cost;
  }
  return Math.max(...loads) / total(tasks);
}

const small: GptConfig = { vocabSize: 96, context: 64, width: 256, depth: 4, heads: 4 };
const seconds = (ms: number): string =>
  ms >= 1e5 ? Math.round(ms / 1000).toLocaleString("en") : (ms / 1000).toPrecision(3);

console.log(
  "| parameters | optimizer | 1 machine, s | 8 | 64 | 1,024 | update at 1, s | at 64, s | saturates at |",
);
console.log("| ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
for (const { label, shape } of sizes) {
  for (const { name, measured } of methods) {
    const config: GptConfig = { ...shape, vocabSize: 50304, context: CONTEXT, tiedHead: true };
    const { parameterCount } = gpt(config);
    const tasks = tasksOf(name, config);
    // The cost's own rate, as measured with this method on the small model.
    const perCost = measured / total(tasksOf(name, small)) / CORES;
    const shares = new Map<number, number>();
    const parts: StepParts = {
      gradients: (sequences) =>
        (1000 * 6 * parameterCount * CONTEXT * Math.max(1, sequences)) / GRADIENT_FLOPS, // a sequence at the least
      update: total(tasks) * perCost,
      rest: 0,
      share(ranks) {
        const known = shares.get(ranks) ?? shareOf(tasks, ranks);
        shares.set(ranks, known);
        return known;
      },
      wire: (ranks) => 1000 * wireSeconds(parameterCount, ranks, NETWORK),
    };
    const step = (ranks: number): number =>
      predictStep(parts, { ranks, sequences: SEQUENCES, cores: CORES, ranksOfMachine: 1 });
    const row = machines.map((ranks) => seconds(step(ranks)));
    const updates = [1, 64].map((ranks) => seconds(parts.update * parts.share(ranks)));
    const end = saturatesAt(step, 4096);
    console.log(`| ${[label, name, ...row, ...updates, end.toLocaleString("en")].join(" | ")} |`);
  }
}
