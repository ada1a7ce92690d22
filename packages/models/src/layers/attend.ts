import { lax, numpy as np } from "@jax-js/jax";

/** Finite, so that no arithmetic can turn it into NaN; exp(−1e30 − max) is exactly 0. */
const MASKED = -1e30;

/** Σₛ wₛ vₛ and Σₛ wₛ with w = exp(score − highest score) of the visible positions: [batch, heads, rows, headDim] and […, rows, 1]. */
export function attend(
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
