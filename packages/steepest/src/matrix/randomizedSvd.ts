import { numpy as np, random } from "@jax-js/jax";
import { expectWhole } from "../core/expectNumbers.ts";

import { orthonormalColumns } from "./orthonormalColumns.ts";
import { expectMatrices } from "./shape.ts";
import { type Svd, svd } from "./svd.ts";
import { expectRank, leading } from "./truncatedSvd.ts";

export interface RandomizedSvdOptions {
  /** q: how many triples. */
  readonly rank: number;
  /** p: further columns of the sketch. Default 10. */
  readonly oversample?: number;
  /** t: power iterations, for spectra that fall slowly. Default 1. */
  readonly iterations?: number;
}

/**
 * The leading `rank` singular triples of x [..., m, n], about.
 *
 *   Q = orth(xΩ), Ω Gaussian [n, q+p];  t times Q ← orth(x orth(xᵀQ));  then the SVD of Qᵀx
 *
 * E‖x − QQᵀx‖_F² ≤ (1 + q/(p−1)) Σ_{i>q} σᵢ² at t = 0; each t brings the spectral error's factor to its (2t+1)th root.
 * Singular values are never above the true ones. Exact to rounding where the rank of x is at most q.
 * Cost: 4mn(q+p)(1+t) FLOPs and factorisations of q+p columns. Consumes x and the key.
 * Source: Halko, Martinsson & Tropp 2011, arXiv:0909.4061.
 */
export function randomizedSvd(key: np.Array, x: np.Array, options: RandomizedSvdOptions): Svd {
  const { rank, oversample = 10, iterations = 1 } = options;
  const { batch, rows, columns } = expectMatrices("randomizedSvd", x);
  const short = Math.min(rows, columns);
  expectRank("randomizedSvd", rank, short);
  expectWhole("randomizedSvd", { oversample, iterations }, 0);
  const sketch = random.normal(key, [...batch, columns, Math.min(rank + oversample, short)]);
  const transposed = np.matrixTranspose(x.ref);
  let q = orthonormal(np.matmul(x.ref, sketch.astype(x.dtype)));
  for (let step = 0; step < iterations; step++) {
    const other = orthonormal(np.matmul(transposed.ref, q));
    q = orthonormal(np.matmul(x.ref, other));
  }
  transposed.dispose();
  const { u, s, vt } = svd(np.matmul(np.matrixTranspose(q.ref), x));
  return leading({ u: np.matmul(q, u), s, vt }, rank);
}

/** Orthonormal columns of the same span; the zero matrix, which has none, gives zero instead of NaN. */
function orthonormal(y: np.Array): np.Array {
  const largest = np.max(np.abs(y.ref), [-2, -1], { keepdims: true });
  return np.where(largest.greater(0), orthonormalColumns(y), 0);
}
