import type { AnyModel, TestTime } from "@steepest/models";
import type { Optimizer, Tree } from "steepest";

import type { Evaluation } from "./batchFunctions.ts";
import type { HostTensors } from "./hostTensor.ts";
import type { RankJob } from "./ranks/rankJob.ts";

/** Parameters and optimizer state, outside the engine. */
export interface Snapshot {
  readonly params: HostTensors;
  readonly state: HostTensors;
}

/** What a checkpoint holds. */
export interface SavedRun extends Snapshot {
  /** Of batch norm, averaged over training batches at these parameters; what a trained model needs to be used. */
  readonly statistics?: HostTensors;
}

export interface TrainingJob {
  readonly model: AnyModel;
  readonly optimizer: Optimizer;
  /** Of the starting parameters. */
  readonly seed: number;
  /** Continue from here; its paths, shapes and types must be those of the job. */
  readonly snapshot?: Snapshot;
  readonly threads: number;
  /**
   * Parts that the batch of a step is computed in, one after the other, their gradients averaged: the memory of one
   * part, the step of the whole. Divides the batch. Default 1.
   */
  readonly accumulate?: number | undefined;
  /** A batch of a step, for its shapes. Default: the first batch that comes, of a step or of a validation. */
  readonly example?: HostTensors;
  /** Copies of an image that a validation looks at. Default: the image. */
  readonly testTime?: TestTime | undefined;
  /**
   * Several processes do the job together: each is given its part of a batch and makes the same calls of `step`, `snapshot`
   * and `view`, which on rank 0 have the whole state. Default: this process alone.
   */
  readonly ranks?: RankJob | undefined;
}

export interface StepOutcome {
  /** Before the update. */
  readonly loss: number;
  /** Global norm of the gradient. */
  readonly gradNorm: number;
  /** Time of the step, without what an engine measures besides. */
  readonly ms: number;
  /** Whether something was compiled in this step, so that its time says little. */
  readonly compiled: boolean;
  /**
   * Where loss or gradient is not finite: the parameters were left as they were, and this says which of them
   * (or which gradients) are not finite.
   */
  readonly fault?: string;
}

/**
 * Computes a training run, one call at a time. Implementations differ in speed and rounding, never in what
 * they compute. Everything goes in and out as plain numbers, so that the run around it knows no engine.
 */
export interface TrainingEngine {
  readonly name: string;
  /** What runs a step, in words: `onnx engine, updates as fused loops`. */
  readonly inForce: string;
  /** Floats of state by rank, where several processes do the job together. */
  readonly stateOfRanks?: readonly number[];
  readonly parameters: number;
  readonly stateFloats: number;
  /** One update on a batch. `step` counts updates from 0 and decides the optimizer's phase. */
  step(batch: HostTensors, step: number): Promise<StepOutcome>;
  /** Loss and accuracy on a batch; of a model with batch norm, a batch `withStatistics`. */
  evaluate(batch: HostTensors): Promise<Evaluation>;
  /** The batch-norm statistics of a batch; none where the model has none. */
  statistics(batch: HostTensors): Promise<HostTensors>;
  /** Loss and gradients of a batch of any size, computed whole, at the parameters as they are. Moves nothing. */
  gradients(batch: HostTensors): Promise<{ readonly loss: number; readonly gradients: HostTensors }>;
  snapshot(): Promise<Snapshot>;
  /** The same without copying what need not be copied: good until the next step. */
  view(): Promise<Snapshot>;
  /** The parameters as jax-js arrays, owned by the caller. */
  params(): Promise<Tree>;
  /** Part of a step that the optimizer takes, in [0, 1], over all steps so far; 0 before there was one. */
  optimizerShare(): Promise<number>;
  dispose(): void;
}

export type StartEngine = (job: TrainingJob) => Promise<TrainingEngine>;
