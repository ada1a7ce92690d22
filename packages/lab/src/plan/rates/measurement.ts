import type { OptimizerName } from "steepest";

import measured from "./measurements.json" with { type: "json" };

/** An optimizer on the default GPT, 300 steps at the best rate of the sweep in docs/results/all-optimizers.md. */
export interface Measurement {
  readonly learningRate: number;
  /** Nats per character. */
  readonly valLoss: number;
  /** Processor time of a step on one thread, gradient included. */
  readonly msPerStep: number;
  /** Of the whole model. */
  readonly stateFloats: number;
  /** The same for every parameter of the model. */
  readonly stateFloatsPerParameter: number;
}

type Stored = Omit<Measurement, "stateFloatsPerParameter">;

/** What the sweep measured, or undefined where it has not been. */
export function measurementOf(name: OptimizerName): Measurement | undefined {
  const stored: Partial<Record<string, Stored>> = measured.optimizers;
  const found = stored[name];
  return found && { ...found, stateFloatsPerParameter: found.stateFloats / measured.parameters };
}
