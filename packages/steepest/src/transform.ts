import type { Stateless, Tree } from "./tree.ts";

/** What a step knows besides arrays. Static: a compiled step is compiled once for each value. */
export interface StepContext {
  /** The step count modulo the transform's `period`. */
  readonly phase: number;
}

/**
 * A gradient transformation with exactly typed state, in the manner of optax.
 *
 * `update` turns gradients (or the updates of an earlier stage) into updates; what the last stage returns is
 * *added* to the parameters by `applyUpdates`. Both methods are pure and can be traced.
 *
 * Ownership: every array handed in is consumed, every array handed out belongs to the caller. Keep the
 * parameters with `refTree(params)`.
 */
export interface Transform<S extends Tree = Tree> {
  init(params: Tree): S;
  update(updates: Tree, state: S, params: Tree, context?: StepContext): [updates: Tree, state: S];
  /**
   * After how many steps the computation repeats (default 1). Mano alternates between two axes: 2. Compile
   * one step per phase and pass `{ phase: step % period }`; outside `jit` the phase is read from the state.
   */
  readonly period?: number;
}

/** The state type of a transform. */
export type StateOf<T> = T extends Transform<infer S> ? S : never;

/** A transform without state. */
export type StatelessTransform = Transform<Stateless>;
