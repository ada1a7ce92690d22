import type { ExampleUnit } from "../plan/runObserver.ts";

/**
 * What became of a run. `diverged`: the loss was no longer a number. `interrupted`: it was asked to stop and has a
 * checkpoint. `failed`: anything else; `error` says what.
 */
export const runStatuses = ["finished", "diverged", "interrupted", "failed"] as const;
export type RunStatus = (typeof runStatuses)[number];

/** One run of a comparison: one optimizer with one seed. What a run did not get to is null. */
export interface CompareRow {
  /** The registered name. */
  readonly optimizer: string;
  /** As the user wrote it: the name, with its options where some were given. Unique for each optimizer compared. */
  readonly label: string;
  readonly seed: number;
  readonly status: RunStatus;
  readonly error?: string;
  readonly runDir: string | null;
  /** Steps done. */
  readonly steps: number;
  /** Nats per token. */
  readonly trainLoss: number | null;
  /** Nats per token, or per image; of a problem, the function. */
  readonly valLoss: number | null;
  /** Share of right answers, of classifiers. */
  readonly valAccuracy?: number | null;
  /** The first step whose validation loss is at most the final one of the first optimizer, same seed. */
  readonly stepsToReference: number | null;
  readonly msPerStep: number | null;
  /** Tokens, images or evaluations. */
  readonly tokensPerSecond: number | null;
  readonly unit?: ExampleUnit;
  /** Part of a step spent in the optimizer, 0 to 1. */
  readonly optimizerShare: number | null;
  readonly stateFloats: number | null;
  readonly parameters: number | null;
  /** The most memory the run's own process held. */
  readonly peakRssBytes: number | null;
}
