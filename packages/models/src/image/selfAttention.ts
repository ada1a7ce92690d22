import { lax, numpy as np } from "@jax-js/jax";

/**
 * Attention softmax(Q Kᵀ / √headDim) V in which every position sees all. Query, key and value are
 * [batch, heads, time, headDim]; the result is [batch, time, heads, headDim], ready to be joined.
 *
 * Source: Vaswani et al. 2017, arXiv:1706.03762. The softmax is written so that the ONNX lowering finds it.
 */
export function selfAttention(query: np.Array, key: np.Array, value: np.Array): np.Array {
  const headDim = query.shape.at(-1) ?? 1;
  const scores = lax.dot(query.mul(1 / Math.sqrt(headDim)), key, {
    lhsBatchDims: [0, 1],
    rhsBatchDims: [0, 1],
    lhsContractingDims: [-1],
    rhsContractingDims: [-1],
  });
  const highest = lax.stopGradient(np.max(scores.ref, -1, { keepdims: true })); // cancels, so no slope
  const weights = np.exp(scores.sub(highest));
  const total = np.sum(weights.ref, -1, { keepdims: true });
  const mixed = lax.dot(weights.mul(np.reciprocal(total)), value, {
    lhsBatchDims: [0, 1],
    rhsBatchDims: [0, 1],
    lhsContractingDims: [-1],
    rhsContractingDims: [-2],
  });
  return mixed.transpose([0, 2, 1, 3]);
}
