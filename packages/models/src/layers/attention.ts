import { lax, nn, numpy as np } from "@jax-js/jax";

/** Finite, so that no arithmetic can turn it into NaN; exp(−1e30 − max) is exactly 0. */
const MASKED = -1e30;

/**
 * Causal attention softmax(Q Kᵀ / √headDim) V, position t seeing 0 … t; all [batch, heads, time, headDim].
 * Source: Vaswani et al. 2017, arXiv:1706.03762. The softmax subtracts the row maximum, which is always one
 * of the unmasked scores. (jax-js's `nn.dotProductAttention` goes through `einsum`, which needs the iterator
 * helpers that Node 20 lacks.)
 */
export function causalAttention(query: np.Array, key: np.Array, value: np.Array): np.Array {
  const [time, headDim] = query.shape.slice(-2) as [number, number];
  const scores = lax.dot(query.mul(1 / Math.sqrt(headDim)), key, {
    lhsBatchDims: [0, 1],
    rhsBatchDims: [0, 1],
    lhsContractingDims: [-1],
    rhsContractingDims: [-1],
  });
  const visible = np.greaterEqual(np.arange(time).reshape([time, 1]), np.arange(time));
  return lax.dot(nn.softmax(np.where(visible, scores, MASKED), -1), value, {
    lhsBatchDims: [0, 1],
    rhsBatchDims: [0, 1],
    lhsContractingDims: [-1],
    rhsContractingDims: [-2],
  });
}
