import * as v from "valibot";

import type { BenchConfig } from "./benchConfig.ts";
import type { BenchWork } from "./workload.ts";

/** Engines of other people, by processes in Python: eager PyTorch, its compiler, its bfloat16, and JAX with optax. */
export const peerEngines = ["pytorch", "pytorch-compile", "pytorch-bf16", "jax-xla"] as const;
export type PeerEngine = (typeof peerEngines)[number];

/** The engines that are compared. */
export const benchEngines = ["onnxruntime", "jax-wasm", ...peerEngines] as const;
export type BenchEngine = (typeof benchEngines)[number];

export const isPeer = (engine: BenchEngine): engine is PeerEngine =>
  peerEngines.some((peer) => peer === engine);

/** What the process of an engine is told: one JSON object a line. bench/peers/pytorch_gpt.py understands the same. */
export type Order =
  | {
      readonly do: "prepare";
      readonly config: BenchConfig;
      readonly work: BenchWork;
      /** File with the weights in tree order, float32. */
      readonly params?: string;
      /** File with tokens, then targets, int32. */
      readonly batch?: string;
    }
  | {
      readonly do: "run";
      readonly threads: number;
      /** Runs are made until they took this long together, one at least. */
      readonly ms: number;
    };

/** The first line of an engine's process. */
export const helloSchema = v.object({
  engine: v.picklist(benchEngines),
  version: v.string(),
  /** Numbers of threads to measure with. */
  threads: v.pipe(v.array(v.number()), v.minLength(1)),
  /** Speed of a product of two matrices of 1024², where the process measured it. */
  matmulGflops: v.optional(v.number()),
  /** Instruction set and libraries of the kernels in use, where the process knows them. */
  kernels: v.optional(v.string()),
});
export type Hello = v.InferOutput<typeof helloSchema>;

/** The answer to `prepare`, after two runs. */
export const preparedSchema = v.object({
  /** Of the two runs. In a training step the second one is after the first update. */
  losses: v.pipe(v.array(v.number()), v.length(2)),
  gradNorm: v.optional(v.number()),
  /** Until the first result: tracing, compiling, the first run. */
  setupMs: v.number(),
});
export type Prepared = v.InferOutput<typeof preparedSchema>;

/** The answer to `run`. */
export const timesSchema = v.object({ ms: v.pipe(v.array(v.number()), v.minLength(1)) });

/** Any order may be answered so. */
export const refusalSchema = v.object({ error: v.string() });
