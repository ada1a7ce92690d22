import { lax, type numpy as np } from "@jax-js/jax";

/** x Wᵀ: x [n, dIn] and W [dOut, dIn] give [n, dOut]. */
export function linear(x: np.Array, weight: np.Array): np.Array {
  return lax.dot(x, weight, { lhsContractingDims: [-1], rhsContractingDims: [-1] });
}
