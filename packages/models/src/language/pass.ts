import type { numpy as np } from "@jax-js/jax";
import { cachedAttention, type LayerCache } from "../layers/cachedAttention.ts";
import { causalAttention } from "../layers/causalAttention.ts";
import type { KeyValueCache } from "../model/model.ts";

/** What a forward pass over tokens does differently when it trains, reads a prompt, or adds one token. */
export interface Pass {
  /** Position of the only token, int32 [1]; absent when tokens stand at 0 … time − 1. Borrowed. */
  readonly position?: np.Array;
  /**
   * Attention of one layer: query [batch, heads, time, headDim], key and value [batch, kvHeads, time, headDim]
   * to [batch, time, heads, headDim]. Called once a layer, in order.
   */
  attend(query: np.Array, key: np.Array, value: np.Array): np.Array;
  /** The rows of the last hidden layer [batch · time, width] that become logits. */
  select(rows: np.Array): np.Array;
}

/** Whole sequences, all positions at once. */
export const sequencePass: Pass = { attend: causalAttention, select: (rows) => rows };

/** A pass that fills a cache. */
export interface CachingPass extends Pass {
  /** Keys and values of all layers; complete after the forward pass. */
  readonly cache: KeyValueCache;
}

/**
 * A prompt of `length` (int32 []) tokens in a window of the whole context: keeps all keys and values, and only
 * the last token of the prompt gets logits. What follows the prompt is computed and never read.
 */
export function promptPass(length: np.Array): CachingPass {
  const cache: KeyValueCache = { keys: [], values: [] };
  return {
    cache,
    attend(query, key, value) {
      cache.keys.push(key.ref.reshape(key.shape.slice(1)));
      cache.values.push(value.ref.reshape(value.shape.slice(1)));
      return causalAttention(query, key, value);
    },
    select: (rows) => rows.slice(length.sub(1).reshape([1])),
  };
}

/** One more token at `position` (int32 [1], borrowed). Consumes the cache, layer by layer. */
export function tokenPass(position: np.Array, old: KeyValueCache): CachingPass {
  const cache: KeyValueCache = { keys: [], values: [] };
  return {
    cache,
    position,
    attend(query, key, value) {
      const layer = cache.keys.length;
      const { mixed, cache: next } = cachedAttention(query, key, value, layerOf(old, layer), position.ref);
      cache.keys.push(next.keys);
      cache.values.push(next.values);
      return mixed;
    },
    select: (rows) => rows,
  };
}

function layerOf({ keys, values }: KeyValueCache, layer: number): LayerCache {
  const found = { keys: keys[layer], values: values[layer] };
  if (found.keys === undefined || found.values === undefined) {
    throw new Error(`the cache has ${keys.length} layers, the model more: it belongs to another model`);
  }
  return { keys: found.keys, values: found.values };
}

/** The rows of a table over positions that belong to the tokens: [positions, n] to [time, n]. */
export function atPositions(table: np.Array, time: number, { position }: Pass): np.Array {
  if (position !== undefined) return table.slice(position.ref);
  return table.shape[0] === time ? table : table.slice([0, time]);
}
