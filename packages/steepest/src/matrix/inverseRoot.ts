import { numpy as np } from "@jax-js/jax";
import { expectNumbers } from "../core/expectNumbers.ts";

import { expectSquare } from "./shape.ts";
import { symmetricEigen } from "./symmetricEigen.ts";

export interface InverseRootOptions {
  /** Added to every eigenvalue, ≥ 0. Default 0. */
  readonly eps?: number;
}

/**
 * (a + eps·I)^(−1/p) of a symmetric positive semi-definite a [..., n, n], by eigendecomposition; p > 0 need not be whole.
 *
 * Negative eigenvalues, which can only be rounding, count as 0. Directions that then have no eigenvalue at all are
 * mapped to 0, a pseudo-inverse; so the result is finite for every finite a, eps = 0 included.
 * Cost: `symmetricEigen`, which is most of it, and 2n³. Consumes a. Result in the dtype of a.
 */
export function inverseRoot(a: np.Array, p: number, { eps = 0 }: InverseRootOptions = {}): np.Array {
  expectNumbers("inverseRoot", { p }, "> 0");
  return spectralPower("inverseRoot", a, -1 / p, eps);
}

/** (a + eps·I)^power in the same way, for any power ≠ 0. Consumes a. */
export function spectralPower(name: string, a: np.Array, power: number, eps = 0): np.Array {
  const { batch, size } = expectSquare(name, a);
  expectNumbers(name, { eps }, "≥ 0");
  if (!(Number.isFinite(power) && power !== 0))
    throw new RangeError(`${name}: the power must not be ${power}`);
  const { dtype } = a;
  const { vectors, values } = symmetricEigen(a, { wide: true });
  const shifted = np.maximum(values, 0).add(eps);
  const kept = shifted.ref.greater(0);
  const powers = np.where(kept.ref, np.exp(np.log(np.where(kept, shifted, 1)).mul(power)), 0);
  const scaled = vectors.ref.mul(powers.reshape([...batch, 1, size]));
  return np.matmul(scaled, np.matrixTranspose(vectors)).astype(dtype);
}
