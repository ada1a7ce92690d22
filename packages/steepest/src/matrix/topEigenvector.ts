import { numpy as np } from "@jax-js/jax";

import { scaleByLargest } from "./normalization.ts";
import { expectMatrices } from "./shape.ts";

/**
 * The top eigenvector [..., n] of small symmetric positive semidefinite matrices [..., n, n], by squaring the matrix
 * `squarings` times (default 12): 2^12 power iterations for the price of 12 products.
 *
 * Where the two largest eigenvalues are within 1e-4 of each other, some unit combination of their vectors. Zero
 * for zero. Cost: 2n³ · squarings FLOPs; matrix products only, so that a compiled graph is not split. Consumes a.
 */
export function topEigenvector(a: np.Array, { squarings = 12 }: { squarings?: number } = {}): np.Array {
  const { rows: size } = expectMatrices("topEigenvector", a);
  let power = normalized(a);
  for (let step = 0; step < squarings; step++) power = normalized(np.matmul(power.ref, power));
  // The limit is v vᵀ (or a projection); its column at the largest diagonal entry is the best conditioned.
  const diagonal = np.sum(power.ref.mul(np.eye(size, size, { dtype: power.dtype })), -1);
  const best = np.argmax(diagonal, -1, { keepdims: true });
  const column = np.where(np.arange(size).astype(best.dtype).equal(best), 1, 0).astype(power.dtype);
  const vector = np.sum(power.mul(np.expandDims(column, -2)), -1);
  const length = np.sqrt(np.sum(np.square(vector.ref), -1, { keepdims: true }));
  return vector.div(np.where(length.ref.greater(0), length, 1));
}

function normalized(a: np.Array): np.Array {
  const { scaled, scale } = scaleByLargest(a);
  scale.dispose();
  return scaled;
}
