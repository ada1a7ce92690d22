import { numpy as np } from "@jax-js/jax";

import { orthonormalColumns } from "./orthonormalColumns.ts";
import { expectSquare } from "./shape.ts";

export interface RefreshedEigenvectors {
  /** Orthonormal columns [n, n], nearer to the eigenvectors of s. */
  readonly basis: np.Array;
  /** Which old column each new one comes from, [n] int32: by descending uᵢᵀ s uᵢ. */
  readonly order: np.Array;
}

/** Share of the trace that is added to the diagonal, so that null directions stay as they are. */
const FLOOR = 1e-10;

/**
 * One step of simultaneous power iteration towards the eigenvectors of symmetric positive semi-definite s [n, n]:
 *
 *   order by uᵢᵀ s uᵢ, descending;   U ← qr(s U).Q
 *
 * Repeated on a fixed s it converges to the eigenvectors, one after the other, each at the ratio of neighbouring
 * eigenvalues. About 100 times cheaper than `symmetricEigen` in jax-js. Consumes both.
 * Source: Vyas et al. 2024, arXiv:2409.11321 (SOAP).
 */
export function refreshEigenvectors(s: np.Array, basis: np.Array): RefreshedEigenvectors {
  const { size } = expectSquare("refreshEigenvectors", s);
  const estimates = np.sum(basis.ref.mul(np.matmul(s.ref, basis.ref)), 0);
  const order = np.argsort(estimates.neg());
  const sorted = np.takeAlongAxis(basis, np.broadcastTo(order.ref.reshape([1, size]), [size, size]), 1);
  const trace = np.sum(np.diagonal(s.ref));
  const floor = np.where(trace.ref.greater(0), trace.mul(FLOOR), 1);
  const image = np.matmul(s, sorted.ref).add(sorted.mul(floor));
  return { basis: orthonormalColumns(image), order };
}
