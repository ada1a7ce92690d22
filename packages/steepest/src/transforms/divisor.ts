import { numpy as np } from "@jax-js/jax";

/** What a step divides by: size + eps, for sizes ≥ 0. With eps = 0 a size of 0 becomes 1, since 0/0 is a zero step. Consumes size. */
export function divisor(size: np.Array, eps: number): np.Array {
  return eps > 0 ? size.add(eps) : np.where(size.ref.greater(0), size, 1);
}
