import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { numpy as np } from "@jax-js/jax";
import { stepVariants, tensorNamed } from "@steepest/lab/engine";
import { versionOf } from "@steepest/lab/run";
import { type Spec, type StepResult, spec, TrainStep } from "@steepest/onnx";
import {
  applyUpdates,
  createOptimizer,
  type OptimizerState,
  refTree,
  stateFloats,
  type Tree,
} from "steepest";
import { maxThreads } from "steepest/node";

import { graphCost } from "./graphCost.ts";
import { measureMachine } from "./measureMachine.ts";
import type { OptimizerOrder, PreparedOptimizer } from "./protocol.ts";
import { shareOfStep } from "./shareOfStep.ts";
import { sizeOfLeaf, type TargetLeaf } from "./targets.ts";
import { timed } from "./timed.ts";

type Both = { params: Tree; state: OptimizerState };
type Gradients = Record<string, np.Array>;
type Updater = TrainStep<Both, Record<string, Spec>, Record<string, np.Array>>;

interface Prepared {
  readonly step: Updater;
  /** The number of the variant, and its share of the steps. */
  readonly variants: readonly { readonly index: number; readonly share: number }[];
}

/** Answers the orders on `input`, one JSON object a line, until it ends. What goes wrong is an answer too. */
export async function serveOptimizers(
  input: NodeJS.ReadableStream,
  say: (line: string) => void,
): Promise<void> {
  const answer = (value: object): void => say(JSON.stringify(value));
  answer({ engine: "onnxruntime", version: versionOf("onnxruntime-node"), threads: [maxThreads] });
  let prepared: Prepared | undefined;
  for await (const line of createInterface({ input })) {
    try {
      const order = JSON.parse(line) as OptimizerOrder;
      if (order.do === "machine") answer(await measureMachine());
      else if (order.do === "share") answer(await shareOfStep(order.config, order.optimizer, order.ms));
      else if (order.do === "prepare") {
        prepared?.step.dispose();
        prepared = undefined;
        const { about, ...rest } = await prepare(
          order.optimizer,
          order.leaves,
          order.params,
          order.gradients,
        );
        prepared = rest;
        answer(about);
      } else if (prepared === undefined) throw new Error("internal: nothing is prepared");
      else answer({ ms: await timeUpdates(prepared, order.ms) });
    } catch (error) {
      answer({ error: error instanceof Error ? error.message : String(error) });
    }
  }
  prepared?.step.dispose();
}

/** Reads a file of floats and cuts it into leaves. */
export function readLeaves(
  leaves: readonly TargetLeaf[],
  file: string,
): [path: string, data: Float32Array][] {
  const { buffer, byteOffset, byteLength } = readFileSync(file);
  const all = new Float32Array(buffer.slice(byteOffset, byteOffset + byteLength));
  let at = 0;
  return leaves.map((leaf) => {
    const from = at;
    at += sizeOfLeaf(leaf);
    return [leaf.path, all.subarray(from, at)];
  });
}

async function prepare(
  name: string,
  leaves: readonly TargetLeaf[],
  paramsFile: string,
  gradientsFile: string,
): Promise<Prepared & { readonly about: PreparedOptimizer }> {
  const started = performance.now();
  const optimizer = createOptimizer(name, {
    roles: Object.fromEntries(leaves.map(({ path, role }) => [path, role])),
  });
  const variants = stepVariants(optimizer);
  const before = readLeaves(leaves, paramsFile);
  const params: Gradients = Object.fromEntries(
    before.map(([path, data], i) => [path, np.array(data).reshape([...(leaves[i]?.shape ?? [])])]),
  );
  const state = optimizer.init(refTree(params));
  const floats = stateFloats(state);
  const step: Updater = TrainStep.create(
    (
      { params: weights, state: old }: Both,
      gradients: Gradients,
      variant,
    ): StepResult<Both, Record<string, np.Array>> => {
      const [updates, next] = optimizer.update(gradients, old, refTree(weights), variants.contexts[variant]);
      // The gradients are there: all the rest is the update, as in a training step.
      return [{ params: applyUpdates(weights, updates), state: next }, {}, {}];
    },
    {
      state: { params, state },
      batch: Object.fromEntries(leaves.map(({ path, shape }) => [path, spec([...shape])])),
      phases: variants.contexts.length,
    },
  );
  for (const [path, data] of readLeaves(leaves, gradientsFile)) tensorNamed(step.batch, path).set(data);
  await step.run();
  let square = 0;
  for (const [path, data] of before) {
    const after = tensorNamed(step.state, `params.${path}`);
    for (let i = 0; i < data.length; i++) square += ((after[i] ?? 0) - (data[i] ?? 0)) ** 2;
  }
  // A period long after the first step.
  const counts = new Map<number, number>();
  for (let i = 0; i < optimizer.period; i++) {
    const index = variants.of(optimizer.period + i);
    counts.set(index, (counts.get(index) ?? 0) + 1);
  }
  const shares = [...counts].map(([index, count]) => ({ index, share: count / optimizer.period }));
  const costs = shares.map(({ index, share }) => ({ share, cost: graphCost(step.program(index)) }));
  const mean = (of: (cost: ReturnType<typeof graphCost>) => number): number =>
    costs.reduce((sum, { share, cost }) => sum + share * of(cost), 0);
  const about = {
    setupMs: performance.now() - started,
    updateNorm: Number.isFinite(square) ? Math.sqrt(square) : null,
    weights: shares.map(({ share }) => share),
    stateFloats: floats,
    gflop: mean(({ flops }) => flops) / 1e9,
    graphMegabytes: mean(({ bytes }) => bytes) / 1e6,
  };
  return { step, variants: shares, about };
}

async function timeUpdates({ step, variants }: Prepared, atLeast: number): Promise<number[][]> {
  const times = variants.map((): number[] => []);
  for (let spent = 0; spent === 0 || spent < atLeast; ) {
    for (const [i, { index }] of variants.entries()) {
      step.prepare(index);
      step.steps = index;
      const ms = await timed(() => step.run());
      times[i]?.push(ms);
      spent += ms;
    }
  }
  return times;
}
