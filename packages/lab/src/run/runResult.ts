import type { ExampleUnit } from "../plan/runObserver.ts";

/** A loss at a step. `seconds` is the training time until then: validation and checkpoints do not count. */
export interface LossPoint {
  readonly step: number;
  readonly seconds: number;
  readonly loss: number;
  /** Share of right answers, of classifiers in a validation. */
  readonly accuracy?: number;
}

/** A place in the plane. */
export type PathPoint = readonly [x: number, y: number];

/** How a run went, step by step, whatever was resumed included. */
export interface LossCurves {
  /** The loss each step saw before its update; the first step is 1. */
  readonly train: readonly LossPoint[];
  /** The validation loss after so many steps; the first point is step 0. */
  readonly validation: readonly LossPoint[];
  /** Of a problem of two numbers: where it stood, the start first. */
  readonly path?: readonly PathPoint[];
}

/** What `steepest train --json` prints. */
export interface RunSummary {
  /** The run folder, absolute. */
  readonly runDir: string;
  /** Updates made, those before a resume included. */
  readonly steps: number;
  /** Mean training loss over the last tenth of the steps (at least 1, at most 50); null where their metrics are lost. */
  readonly trainLoss: number | null;
  readonly valLoss: number;
  /** Share of right answers, of classifiers. */
  readonly valAccuracy?: number;
  /** Mean time of a step in milliseconds, without validation, checkpoints and the steps that compiled something. */
  readonly msPerStep: number | null;
  /** Tokens, images or evaluations, see `unit`. */
  readonly tokensPerSecond: number | null;
  readonly unit: ExampleUnit;
  /** Part of a step that the optimizer takes, in [0, 1]. */
  readonly optimizerShare: number;
  /** Floats the optimizer keeps between steps. */
  readonly stateFloats: number;
  /** Trainable numbers of the model. */
  readonly parameters: number;
  /** The most memory this process held until the end of the run, in bytes. */
  readonly peakRssBytes: number;
}

/** A finished run. */
export interface RunResult extends RunSummary {
  readonly curves: LossCurves;
  /** Text the model wrote after training, where it is a language model. */
  readonly sample?: string;
}
