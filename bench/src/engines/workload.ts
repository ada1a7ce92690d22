import { type numpy as np, random } from "@jax-js/jax";
import { createOptimizer, type Optimizer, type OptimizerState, refTree, type Tree } from "steepest";

import { type BenchConfig, benchModel } from "./benchConfig.ts";

export const benchWorks = ["value-and-grad", "train-step"] as const;

/** What is timed: loss and gradients alone, or a whole step of AdamW. */
export type BenchWork = (typeof benchWorks)[number];

/** A computation on one engine, ready to run over and over. */
export interface Workload {
  /** Once; everything is computed when the promise settles. The loss, before the update of a training step. */
  run(): Promise<number>;
  /** The global norm of the gradients of the last run, where these are a result. */
  gradNorm?(): number;
  dispose(): void;
}

/** Builds a workload of an engine. */
export type StartWorkload = (config: BenchConfig, work: BenchWork) => Promise<Workload>;

/** What every engine starts from, the same numbers everywhere. */
export function benchStart(config: BenchConfig): {
  params: Tree;
  state: OptimizerState;
  optimizer: Optimizer;
} {
  // As in bench/peers/pytorch_gpt.py: every weight decays.
  const optimizer = createOptimizer("adamw", { learningRate: 1e-3, weightDecay: 0.1 });
  const params: Tree = benchModel(config).init(random.key(0));
  return { params, state: optimizer.init(refTree(params)), optimizer };
}

/** √(Σ g²) over all tensors, summed in float64. */
export function normOf(tensors: Iterable<ArrayLike<number>>): number {
  let sum = 0;
  for (const tensor of tensors) for (let i = 0; i < tensor.length; i++) sum += (tensor[i] ?? 0) ** 2;
  return Math.sqrt(sum);
}

/** A batch as arrays of the engine in which the functions are traced or run. */
export type BenchBatch = { tokens: np.Array; targets: np.Array };
