import type { numpy as np } from "@jax-js/jax";
import type { Parameter, Role, Tree } from "steepest";
import type { StartingRows } from "./startingRows.ts";

/**
 * How an optimizer wants a parameter to start, usually a point on the unit sphere of its norm. Returning
 * `undefined` leaves the choice to the model. Called once per parameter, in tree order, with a key of its
 * own; owns that key.
 */
export type Initialize = (key: np.Array, parameter: Parameter) => np.Array | StartingRows | undefined;

export interface InitOptions {
  readonly initialize?: Initialize;
  /**
   * Takes each starting value as soon as it is there, before the next is made, and says what stands for it in the
   * tree: for parameters that are to live elsewhere, zeros, which take no memory until they are used. Owns the
   * value. Default: the value.
   */
  readonly take?: (parameter: Parameter, value: np.Array) => np.Array;
  /**
   * The same for a large parameter, a few rows at a time, with the number of entries before them; zeros stand for it in
   * the tree. Default: the rows are put together and go where other values go.
   */
  readonly takeRows?: (parameter: Parameter, rows: np.Array, from: number) => void;
}

export type ModelKind = "language" | "image" | "problem";

/**
 * What the lab trains: a parameter tree and a pure loss over batches, which are trees too (tokens and
 * targets, images and labels, or a matrix and a right-hand side).
 *
 * `P` is the parameter tree, `B` a batch. Every method consumes its array arguments; all but `init` can be
 * traced by `jit`, `grad` and `makeJaxpr`.
 */
export interface Model<P extends Tree = Tree, B extends Tree = Tree> {
  /** What it is fed: sequences of tokens, labelled images, or nothing but its own data. */
  readonly kind: ModelKind;
  /** The family, `gpt`. */
  readonly name: string;
  /** All settings with defaults filled in; goes into `config.json` and builds the same model again. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Every parameter with path, shape and role, in tree order. Known without allocating anything. */
  readonly parameters: readonly Parameter[];
  /** The number of trainable numbers; a shared (tied) table counts once. */
  readonly parameterCount: number;
  /** Floating-point operations of forward and backward for one token (or one example). An estimate. */
  readonly flopsPerToken: number;
  /** Path to role; every path of `init` appears exactly once. */
  roles(): Record<string, Role>;
  /** Fresh float32 parameters. */
  init(key: np.Array, options?: InitOptions): P;
  /** The training loss, a scalar (for language models: mean cross-entropy in nats per token). */
  loss(params: P, batch: B): np.Array;
}

/** Token ids int32 [batch, time] and, for each, the id that comes next. */
export type TokenBatch = { tokens: np.Array; targets: np.Array };

/** The keys and values of the text so far, one entry a layer; rows beyond the text hold anything. */
export type KeyValueCache = { keys: np.Array[]; values: np.Array[] };

export type CachedLogits = { logits: np.Array; cache: KeyValueCache };

/** A model of sequences of tokens. */
export interface LanguageModel<P extends Tree = Tree> extends Model<P, TokenBatch> {
  readonly kind: "language";
  readonly vocabSize: number;
  /** The longest sequence `apply` takes. */
  readonly context: number;
  /** Token ids int32 [batch, time], time <= context, to logits [batch, time, vocabSize]. */
  apply(params: P, tokens: np.Array): np.Array;
  /** What a `KeyValueCache` holds: a list of `layers` keys and values of [kvHeads, context, headDim]. */
  readonly cacheShape: readonly [layers: number, kvHeads: number, context: number, headDim: number];
  /**
   * Reads a prompt of `length` (int32 []) tokens, padded on the right with any ids to int32 [1, context]: logits
   * [vocabSize] of what follows it, and the cache from which `decode` goes on at position `length`.
   */
  prefill(params: P, tokens: np.Array, length: np.Array): CachedLogits;
  /**
   * Adds the token (int32 [1]) at `position` (int32 [], below the context): logits [vocabSize] of what follows it.
   * All shapes are the same at every position, so that one compiled function does for all of them.
   */
  decode(params: P, token: np.Array, position: np.Array, cache: KeyValueCache): CachedLogits;
}
