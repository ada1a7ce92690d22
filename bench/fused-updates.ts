/**
 * Updates as fused loops and as graphs, in turns: `npx tsx bench/fused-updates.ts [--shape 2560x6848] [--rounds 6]
 * [--optimizers sgd,adamw] [--threads 2]`. Prints a Markdown table of the least times.
 */
import "steepest/node";
import { availableParallelism } from "node:os";
import { setTimeout } from "node:timers/promises";
import { numpy as np, random } from "@jax-js/jax";
import { stepVariants } from "@steepest/lab/engine";
import { spec, TrainStep } from "@steepest/onnx";
import { applyUpdates, createOptimizer, type OptimizerState, refTree, type Tree } from "steepest";
import { scriptFlags } from "#test-support/scriptFlags.ts";

const values = scriptFlags(
  "npx tsx bench/fused-updates.ts [--shape 2560x6848,3*64x64] [--rounds 6] [--optimizers sgd,adamw,...] [--threads N]",
  {
    shape: "2560x6848",
    rounds: 6,
    optimizers: "sgd,adamw,lion,signum,mano,mano_v2,adafactor",
    threads: availableParallelism(),
  },
);
/** Leaves: shapes with commas between, `3*64x64` for three of one. */
const shapes = values.shape.split(",").flatMap((text) => {
  const [count, shape = count ?? ""] = text.includes("*") ? text.split("*") : ["1", text];
  return Array.from({ length: Number(count) }, () => shape.split("x").map(Number));
});
const { rounds, threads } = values;
/** The runtime's threads look for more work for some 30 ms after a graph, on the cores that the loops want: turns of several runs. */
const [SPINNING_MS, RUNS] = [50, 4];
type Both = { params: Tree; state: OptimizerState };
type Leaves = Record<string, np.Array>;

const leaves = (seed: number): Leaves =>
  Object.fromEntries(
    shapes.map((shape, i) => [`w${i}`, random.normal(random.key(seed + i), shape).mul(0.02)]),
  );

/** Bytes per second of a loop that reads two arrays and writes one of 70 MB. */
async function bandwidth(): Promise<number> {
  const size = [2560, 6848];
  const step = TrainStep.create<{ p: np.Array }, { g: ReturnType<typeof spec> }, Record<string, never>>(
    ({ p }, { g }) => [{ p: p.add(g) }, {}, {}],
    { state: { p: np.zeros(size) }, batch: { g: spec(size) }, threads },
  );
  const times: number[] = [];
  for (let i = 0; i < 8 * rounds; i++) {
    const started = performance.now();
    await step.run();
    times.push(performance.now() - started);
  }
  step.dispose();
  return (3 * 4 * 2560 * 6848) / (Math.min(...times) / 1000);
}

const perSecond = await bandwidth();
console.log(`${(perSecond / 1e9).toFixed(1)} GB/s, ${threads} threads, least of ${rounds} turns\n`);
console.log("| optimizer | fused, ms | graph, ms | memory bound, ms | graph / fused | fused / bound |");
console.log("| --- | ---: | ---: | ---: | ---: | ---: |");
for (const name of values.optimizers.split(",")) {
  const optimizer = createOptimizer(name, {});
  const variants = stepVariants(optimizer);
  const create = (fusedUpdate: boolean) => {
    const params: Tree = leaves(1);
    const made = TrainStep.create(
      ({ params: weights, state: old }: Both, gradients: Leaves, variant): [Both, Leaves, Tree] => {
        const [updates, next] = optimizer.update(
          gradients,
          old,
          refTree(weights),
          variants.contexts[variant],
        );
        return [{ params: applyUpdates(weights, updates), state: next }, {}, {}];
      },
      {
        state: { params, state: optimizer.init(refTree(params)) },
        batch: Object.fromEntries(shapes.map((shape, i) => [`w${i}`, spec(shape)])),
        phases: variants.contexts.length,
        fusedUpdate,
        threads,
      },
    );
    for (const [path, array] of Object.entries(leaves(99))) made.batch[path]?.set(array.dataSync());
    return made;
  };
  const steps = [create(true), create(false)];
  const best = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const variant = variants.of(optimizer.period * 2 + 1);
  for (let i = 0; i <= rounds; i++) {
    for (const [k, step] of steps.entries()) {
      step.steps = variant;
      await setTimeout(SPINNING_MS);
      for (let run = 0; run < RUNS; run++) {
        const started = performance.now();
        await step.run();
        if (i > 0) best[k] = Math.min(best[k] ?? 0, performance.now() - started);
      }
    }
  }
  const [fused = 0, graph = 0] = best;
  const state = Object.values(steps[0]?.state ?? {}).reduce((sum, { byteLength }) => sum + byteLength, 0);
  const gradient = shapes.reduce((sum, shape) => sum + 4 * shape.reduce((a, b) => a * b, 1), 0);
  const bound = ((2 * state + gradient) / perSecond) * 1000;
  const cells = [fused, graph, bound, graph / fused, fused / bound].map((x) => x.toPrecision(3));
  console.log(`| ${name} | ${cells.join(" | ")} |`);
  if (process.env.EXPLAIN !== undefined) console.log(steps[0]?.explain(variant));
  for (const step of steps) step.dispose();
}
process.exit(0);
