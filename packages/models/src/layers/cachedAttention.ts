import { numpy as np } from "@jax-js/jax";
import { attend } from "./attend.ts";

/** Keys and values of one layer, [kvHeads, context, headDim] each; rows beyond the text so far hold anything. */
export interface LayerCache {
  readonly keys: np.Array;
  readonly values: np.Array;
}

/**
 * Causal attention of one new token at `position` (int32 [1]): its query [1, heads, 1, headDim] reads the cached
 * keys and values of positions 0 … position, its own (both [1, kvHeads, 1, headDim]) among them. Returns the
 * result [1, 1, heads, headDim] and the cache with the new row. Consumes everything.
 *
 * Every shape is that of the whole context, so that one compiled function does for all positions.
 */
export function cachedAttention(
  query: np.Array,
  key: np.Array,
  value: np.Array,
  cache: LayerCache,
  position: np.Array,
): { mixed: np.Array; cache: LayerCache } {
  const [kvHeads, context, headDim] = cache.keys.shape as [number, number, number];
  const heads = query.shape[1] ?? kvHeads;
  const isNew = np.equal(np.arange(context).reshape([context, 1]), position.ref);
  const put = (row: np.Array, rows: np.Array): np.Array =>
    np.where(isNew.ref, row.reshape([kvHeads, 1, headDim]), rows);
  const keys = put(key, cache.keys);
  const values = put(value, cache.values);
  isNew.dispose();
  const visible = np.lessEqual(np.arange(context).reshape([1, context]), position);
  const batched = (x: np.Array): np.Array => x.reshape([1, kvHeads, context, headDim]);
  const { mixed, total } = attend(
    query.reshape([1, kvHeads, heads / kvHeads, headDim]),
    batched(keys.ref),
    batched(values.ref),
    visible,
  );
  return { mixed: mixed.mul(np.reciprocal(total)).reshape([1, 1, heads, headDim]), cache: { keys, values } };
}
