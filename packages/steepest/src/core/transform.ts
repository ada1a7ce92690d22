import type { numpy as np } from "@jax-js/jax";

import type { Stateless, Tree } from "./tree.ts";

/** What K-FAC needs of a linear layer y = Wa (+ b), over all rows of the batch. */
export interface LayerCapture {
  /** a, [rows, dIn]. */
  readonly inputs: np.Array;
  /** The gradient of the loss with respect to y, [rows, dOut]. */
  readonly outputGradients: np.Array;
}

/** A number of each parameter, scalars by path in tree order. */
export type LayerNumbers = ReadonlyMap<string, np.Array>;

/**
 * The numbers of all parameters of a method, in tree order, from those of the parameters at hand. `waiting`: what the step goes on
 * with once they are known. Consumes the numbers and borrows the tree.
 */
export type AllLayers = (own: LayerNumbers, waiting: Tree) => LayerNumbers;

/**
 * What a step knows besides gradients and weights. `phase` and `first` are static: a compiled step is compiled
 * for their values. The arrays may be traced; a step borrows them.
 */
export interface StepContext {
  /** The step count modulo the transform's `period`. */
  readonly phase: number;
  /**
   * Whether this is the very first step. Where it is absent, a step that differs then decides by the count in
   * its state, which costs a compiled step both computations.
   */
  readonly first?: boolean;
  /**
   * Multiplies every learning rate, as `schedule` does: a float32 scalar. An input of a compiled step, so that a rate can be
   * changed while it runs (`reduceOnPlateau`, a slider) without compiling again. Default 1.
   */
  readonly learningRateScale?: np.Array;
  /** By the path of the layer's weight; only for methods that ask for it (`kfac`). */
  readonly layers?: Readonly<Record<string, LayerCapture>>;
  /** The gradient for labels drawn from the model's own distribution; only for `sophia_g`. */
  readonly sampledGradients?: Tree;
  /** The gradient of every example, a leading axis more than the weights; only for `ngd`. */
  readonly exampleGradients?: Tree;
  /** The largest attention logit of every head by path of the query weight, [heads]; only for `qkClip`. */
  readonly maxLogits?: Readonly<Record<string, np.Array>>;
  /**
   * Where others update the rest of the parameters: what a method with a norm over all layers (`Method.sums`) asks for the
   * numbers of the others, once a step. Default: the parameters at hand are all.
   */
  readonly allLayers?: AllLayers;
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
  /**
   * What distinguishes the computations of different steps. Steps with equal keys do the same, so one compiled
   * step serves them all: a method that refreshes its basis every 100 steps has 100 phases and two or three
   * keys. Default: the phase. Ask through `stepKey`, with `first` given.
   */
  phaseKey?(context: StepContext): string;
  /**
   * d, the gradient estimator this stage steps by, of the state after the step: the average of gradients it keeps, from
   * zero and without bias correction (a heavy-ball sum S as (1−μ)S), or the gradients as they are where it makes a step of
   * them and averages none. `gradientEstimate` asks for it; of a chain the first stage that declares one decides.
   *
   * A stage that neither averages nor steps (decay, a factor) declares none. Undefined: nothing inside declares any.
   * Borrows both trees; what it returns, in the structure of `gradients`, is the caller's. Can be traced. Throws where
   * the state has no such average.
   */
  estimate?(state: S, gradients: Tree): Tree | undefined;
}

/** The state type of a transform. */
export type StateOf<T> = T extends Transform<infer S> ? S : never;

/** A transform without state. */
export type StatelessTransform = Transform<Stateless>;
