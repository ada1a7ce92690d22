import type { EngineProcess } from "../engines/engineProcess.ts";
import type { Machine } from "./protocol.ts";
import type { OptimizerTarget } from "./targets.ts";

export const optimizerEngines = ["onnxruntime", "pytorch"] as const;
export type OptimizerEngine = (typeof optimizerEngines)[number];

/** Those that bench/peers/pytorch_optimizers.py has. */
export const torchOptimizers: readonly string[] = [
  "sgd",
  "adamw",
  "lion",
  "signum",
  "muon",
  "scion",
  "mano",
  "mano_v2",
];

/** How long an optimizer takes for one update. */
export interface OptimizerRow {
  readonly target: string;
  readonly optimizer: string;
  /** The shortest times of the computations of a period, weighted by how often they occur. */
  readonly ms: number;
  /** The slowest of these computations: a step that refreshes a basis, say. */
  readonly worstMs: number;
  readonly setupMs: number;
  /** 1e9, in matrix products and factorisations. */
  readonly gflop: number;
  /** What has to cross memory at least: weights, gradients and state read, weights and state written. */
  readonly leastMegabytes: number;
  /** What the graph's operators read and write. */
  readonly graphMegabytes: number;
  /** max(least bytes / bandwidth, FLOPs / peak) of this machine, in this run. */
  readonly boundMs: number;
  readonly stateFloats: number;
  /** PyTorch's time, where it has the optimizer. */
  readonly torchMs: number | null;
  /** Which of its forms that is: `eager`, `foreach`, `fused` or `compile`. */
  readonly torchForm?: string;
}

/** What a step of training costs with the optimizer, and without. */
export interface ShareRow {
  readonly target: string;
  readonly optimizer: string;
  readonly stepMs: number;
  readonly gradientsMs: number;
}

export interface OptimizerStudy {
  readonly targets: readonly OptimizerTarget[];
  readonly optimizers: readonly string[];
  /** Turns of both engines. */
  readonly turns: number;
  /** What one answer may take at most; an optimizer that takes longer is left out with a message. */
  readonly limitMs: number;
  readonly start: (engine: OptimizerEngine) => Promise<EngineProcess>;
  readonly say: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}

export interface OptimizerMeasurements {
  readonly rows: readonly OptimizerRow[];
  readonly shares: readonly ShareRow[];
  readonly machine: Partial<Record<OptimizerEngine, Machine>>;
  readonly versions: Readonly<Record<string, string>>;
  /** What was left out, and why. */
  readonly notes: readonly string[];
}
