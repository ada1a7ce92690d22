import type { numpy as np } from "@jax-js/jax";

/** A ⊗ B of A [n, n] and B [m, m], [mn, mn]: (A ⊗ B) vec(X) = vec(B X Aᵀ) for X [m, n]. Consumes both. */
export function kroneckerProduct(a: np.Array, b: np.Array): np.Array {
  const [n = 1, k = 1] = a.shape;
  const [m = 1, l = 1] = b.shape;
  return a
    .reshape([n, 1, k, 1])
    .mul(b.reshape([1, m, 1, l]))
    .reshape([n * m, k * l]);
}
