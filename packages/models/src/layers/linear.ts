import { lax, type numpy as np } from "@jax-js/jax";

/** x Wᵀ, plus a bias [dOut] if there is one: x [n, dIn] and W [dOut, dIn] give [n, dOut]. */
export function linear(x: np.Array, weight: np.Array, bias?: np.Array): np.Array {
  const y = lax.dot(x, weight, { lhsContractingDims: [-1], rhsContractingDims: [-1] });
  return bias === undefined ? y : y.add(bias);
}
