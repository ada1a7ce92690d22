import type { Array as JaxArray, JsTree } from "@jax-js/jax";
import type { MapLeaves } from "../arrays/mapLeaves.ts";
import type { SessionOptions } from "../runtime/session.ts";

/** Arrays in nested objects and lists. */
export type Tree = JsTree<JaxArray>;

/**
 * What a step comes to. `before`: arrays that are to be complete before the state changes, usually the gradients; with
 * them, what only the new state needs becomes a graph of its own, which overwrites the state where it can.
 */
export type StepResult<S extends Tree, O extends Tree> =
  | [state: S, outputs: O]
  | [state: S, outputs: O, before: Tree];

/** One step of a loop: from a state and a batch to the next state and what is reported. */
export type StepFunction<S extends Tree, B, O extends Tree> = (
  state: S,
  batch: MapLeaves<B, JaxArray>,
  phase: number,
) => StepResult<S, O>;

export interface TrainStepOptions<S extends Tree, B> extends SessionOptions {
  /** Parameters, optimizer state and whatever else one step hands to the next. Used up. */
  readonly state: S;
  /** The batch's shapes: `spec([8, 256], "int32")`, a number for a scalar such as the learning rate, or arrays. */
  readonly batch: B;
  /**
   * Whether an update that a step names its gradients before runs as fused loops (`@steepest/kernels`) where it can: elementwise
   * operations and reductions go over memory once, on `threads` threads. Default true on the CPU. Rounding may
   * differ from the graphs' in the last digit.
   */
  readonly fusedUpdate?: boolean | undefined;
  /** Number of graphs that take turns (`phase` = step mod phases), for optimizers that alternate. Default 1. */
  readonly phases?: number;
}

/** Elements for the batch, by leaf: a typed array or list, a number, or a jax-js array (which is used up). */
export type Feed<B> = MapLeaves<B, ArrayLike<number> | number | JaxArray>;
