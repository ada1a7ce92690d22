import { lax, numpy as np } from "@jax-js/jax";

/** Finite, so that no arithmetic can turn it into NaN; exp(−1e30 − max) is exactly 0. */
const MASKED = -1e30;

/**
 * Causal attention softmax(Q Kᵀ / √headDim) V, position t seeing 0 … t. The query is [batch, heads, time, headDim],
 * key and value are [batch, kvHeads, time, headDim]; the result is [batch, time, heads, headDim], ready to be joined.
 *
 * With fewer kvHeads, query head h reads key and value head ⌊h · kvHeads / heads⌋ (grouped queries: Ainslie et al.
 * 2023, arXiv:2305.13245). The heads of a group are rows of one product, so keys and values are not repeated.
 *
 * Source: Vaswani et al. 2017, arXiv:1706.03762. The exponent is at most 0: the row maximum is subtracted, and
 * it is one of the visible scores. The sum divides the product with V instead of the [time, time] weights,
 * and after the transpose: that is less work, and a product of jax-js that reads a transposed result runs ten
 * times slower than one that reads a copy (the whole forward pass, width 64: 29 ms instead of 51).
 *
 * (`nn.dotProductAttention` of jax-js 0.1.25 needs iterator helpers, which Node 20 does not have.)
 */
export function causalAttention(query: np.Array, key: np.Array, value: np.Array): np.Array {
  const [batch, heads, time, headDim] = query.shape as [number, number, number, number];
  const kvHeads = key.shape[1] ?? heads;
  const rows = (heads / kvHeads) * time;
  const positions =
    rows === time
      ? np.arange(time)
      : np.array(
          Int32Array.from({ length: rows }, (_, row) => row % time),
          { dtype: np.int32 },
        );
  const visible = np.greaterEqual(positions.reshape([rows, 1]), np.arange(time));
  const { mixed, total } = attend(query.reshape([batch, kvHeads, rows, headDim]), key, value, visible);
  const split = (x: np.Array, last: number): np.Array =>
    x.reshape([batch, heads, time, last]).transpose([0, 2, 1, 3]);
  return split(mixed, headDim).mul(np.reciprocal(split(total, 1)));
}

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

/** Σₛ wₛ vₛ and Σₛ wₛ with w = exp(score − highest score): [batch, heads, rows, headDim] and […, rows, 1]. */
function attend(
  query: np.Array,
  key: np.Array,
  value: np.Array,
  visible: np.Array,
): { mixed: np.Array; total: np.Array } {
  const headDim = query.shape.at(-1) ?? 1;
  const scores = lax.dot(query.mul(1 / Math.sqrt(headDim)), key, {
    lhsBatchDims: [0, 1],
    rhsBatchDims: [0, 1],
    lhsContractingDims: [-1],
    rhsContractingDims: [-1],
  });
  const masked = np.where(visible, scores, MASKED);
  const highest = lax.stopGradient(np.max(masked.ref, -1, { keepdims: true })); // cancels, so no slope
  const weights = np.exp(masked.sub(highest));
  const total = np.sum(weights.ref, -1, { keepdims: true });
  const mixed = lax.dot(weights, value, {
    lhsBatchDims: [0, 1],
    rhsBatchDims: [0, 1],
    lhsContractingDims: [-1],
    rhsContractingDims: [-2],
  });
  return { mixed, total };
}
