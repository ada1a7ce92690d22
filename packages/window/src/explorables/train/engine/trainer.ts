import type { Optimizer, Training, Tree } from "steepest";
import type { Engine } from "./engine.ts";

/** A training where it stands, as `compiledStep` has it. */
export type Stand = Training<Tree, OptimizerState>;
export type OptimizerState = ReturnType<Optimizer["init"]>;

/** Makes steps of a training. One call at a time. */
export interface Trainer {
  /** What computes; another one after a step that the first could not do. */
  readonly engine: Engine;
  /** Steps made. */
  readonly step: number;
  /** Makes a step with all rates times `scale`, and returns the loss before it. */
  train(scale: number): Promise<number>;
  /** A copy of where it stands, of the caller's. */
  stand(): Promise<Stand>;
  dispose(): Promise<void>;
}
