import * as v from "valibot";

import type { TargetLeaf } from "./targets.ts";

/** What a process that updates weights is told. bench/peers/pytorch_optimizers.py understands the same, but for `share`. */
export type OptimizerOrder =
  | { readonly do: "machine" }
  | {
      readonly do: "prepare";
      readonly optimizer: string;
      readonly leaves: readonly TargetLeaf[];
      /** Files with all leaves one after the other, float32. */
      readonly params: string;
      readonly gradients: string;
    }
  /** Updates are made until they took `ms` together, each computation of a period at least once. */
  | { readonly do: "run"; readonly ms: number }
  /** A whole training step of a GPT against its loss and gradients alone, in turns. */
  | { readonly do: "share"; readonly config: string; readonly optimizer: string; readonly ms: number };

export const machineSchema = v.object({
  /** Of y = 1.5x on 32M floats: 8 bytes each. */
  gigabytesPerSecond: v.number(),
  /** Of a product of two matrices of 2048². */
  gflops: v.number(),
});
export type Machine = v.InferOutput<typeof machineSchema>;

export const preparedSchema = v.object({
  setupMs: v.number(),
  /** ‖W⁺ − W‖_F of the first update. */
  updateNorm: v.nullable(v.number()),
  /** Each different computation of a period: its share of the steps. */
  weights: v.array(v.number()),
  /** Floats of the state; 0 where the process does not say. */
  stateFloats: v.optional(v.number(), 0),
  /** Arithmetic in matrix products and factorisations, 1e9, mean over the period. */
  gflop: v.optional(v.number(), 0),
  /** Megabytes that the graph's operators read and write. */
  graphMegabytes: v.optional(v.number(), 0),
});
export type PreparedOptimizer = v.InferOutput<typeof preparedSchema>;

/** Times of each different computation, in the order of `weights`. */
export const runSchema = v.object({
  ms: v.array(v.array(v.number())),
  /** Which of several ways to make the update was the fastest, where there are several. */
  form: v.optional(v.string()),
});

export const shareSchema = v.object({ step: v.array(v.number()), gradients: v.array(v.number()) });
