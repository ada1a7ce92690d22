import { numpy as np } from "@jax-js/jax";
import { attend } from "./attend.ts";

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
