/** A line of `metrics.jsonl`: a step, a validation, or (after a step) both. */
export interface StepMetrics {
  /** Updates made, this one included; 0 for the validation before the first. */
  readonly step: number;
  /** The training loss the step saw before its update. Absent at step 0. */
  readonly loss?: number;
  /** What the schedule multiplies the learning rates by at this step. */
  readonly scheduleFactor?: number;
  /** Global norm of the gradient, before clipping. */
  readonly gradNorm?: number;
  /** Time of the step. */
  readonly ms?: number;
  /** Training time until now, validation and checkpoints not counted. */
  readonly seconds: number;
  /** Tokens (or examples) seen until now. */
  readonly tokens: number;
  readonly valLoss?: number;
  /** Of classifiers: the share of validation images whose label is the largest logit, in [0, 1]. */
  readonly valAccuracy?: number;
  /** Of a problem of two numbers: where it stands, after the step. */
  readonly x?: readonly number[];
}

/** What is known when the first step is about to be made. */
export interface RunStart {
  readonly runDir: string;
  readonly steps: number;
  /** 0, or the step of the checkpoint that is continued. */
  readonly fromStep: number;
  readonly parameters: number;
  /** What is trained and how, with the rates in force, a line each. */
  readonly about: readonly string[];
  readonly stateFloats: number;
  readonly tokensPerStep: number;
  /** What `tokensPerStep` counts. */
  readonly unit: ExampleUnit;
}

/** What goes into a step: tokens of text, images, or (for a problem) evaluations of the function. */
export type ExampleUnit = "tokens" | "images" | "evaluations";

/** Callbacks of a run, for progress displays. None may change what the run computes. */
export interface RunObserver {
  /** A line now and then while data are prepared, where that takes long. */
  onPrepare?(line: string): void;
  onStart?(start: RunStart): void;
  /** After each step; `valLoss` is there when one was due. */
  onStep?(metrics: StepMetrics): void;
  /** Each validation, step 0 and the last included. Called before `onStep` of the same step. */
  onEval?(evaluation: {
    readonly step: number;
    readonly seconds: number;
    readonly valLoss: number;
    readonly valAccuracy?: number;
  }): void;
  onCheckpoint?(checkpoint: { readonly step: number; readonly directory: string }): void;
}
