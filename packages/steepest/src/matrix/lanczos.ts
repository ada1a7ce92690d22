import { numpy as np } from "@jax-js/jax";

import { scaleByLargest } from "./normalization.ts";
import type { SingularTriple } from "./powerIteration.ts";
import { expectMatrices } from "./shape.ts";
import { startVector } from "./startVector.ts";
import { topEigenvector } from "./topEigenvector.ts";
import { unitColumns } from "./unitColumns.ts";

export interface LanczosOptions {
  /** k: dimension of the Krylov space, 1 … n. More than n counts as n. Default 10. */
  readonly steps?: number;
  /** Where it starts, [..., n]: any nonzero vectors, e.g. v of the last call. Consumed. Default: `startVector`. */
  readonly start?: np.Array;
}

/**
 * The top singular triple of each matrix of [..., m, n]: the best in the Krylov space of a start vector.
 *
 *   V = orthonormal basis of span { v, xᵀx v, …, (xᵀx)^(k−1) v },   y = top eigenvector of (xV)ᵀ(xV),
 *   u = xVy / |xVy|,   v = xᵀu / |xᵀu|,   σ = |xᵀu| = uᵀxv
 *
 * The span of Golub-Kahan-Lanczos bidiagonalisation, by full reorthogonalisation (twice); σ is never above the
 * largest singular value, never below that of k steps of power iteration, and grows with k. Relative error of σ about
 * e^(−4k√gap), and O((log n / k)²) without a gap. A matrix of rank r is exact after r + 1 steps.
 * Cost: 4mnk + 8nk² + 2mk² FLOPs, 4mnk those of k power steps. Scale-free. Consumes x. Can be traced.
 * Source: Golub & Kahan 1965; Paige 1974.
 */
export function lanczos(x: np.Array, { steps = 10, start }: LanczosOptions = {}): SingularTriple {
  const { batch, columns } = expectMatrices("lanczos", x);
  if (!Number.isSafeInteger(steps) || steps < 1)
    throw new RangeError(`lanczos: steps must be a positive integer, got ${steps}`);
  const size = Math.min(steps, columns);
  const { scaled, scale } = scaleByLargest(x);
  const first = start ?? startVector(columns, scaled.dtype);
  if (start !== undefined && start.shape.join() !== [...batch, columns].join())
    throw new Error(
      `lanczos: start must have one entry per column, shape [${[...batch, columns]}]; got [${start.shape}]`,
    );
  const transposed = np.matrixTranspose(scaled.ref);
  let basis = np.broadcastTo(
    unitColumns(start === undefined ? first.reshape([columns, 1]) : first.reshape([...batch, columns, 1])),
    [...batch, columns, 1],
  );
  let images = np.matmul(scaled.ref, basis.ref);
  let last = images.ref;
  for (let step = 1; step < size; step++) {
    const next = orthogonalTo(np.matmul(transposed.ref, last), basis.ref);
    last = np.matmul(scaled.ref, next.ref);
    basis = np.concatenate([basis, next], -1);
    images = np.concatenate([images, last.ref], -1);
  }
  for (const unused of [scaled, last, basis]) unused.dispose();
  const gram = np.matmul(np.matrixTranspose(images.ref), images.ref);
  const y = np.expandDims(topEigenvector(gram), -1);
  // u = xVy at unit length, then v = xᵀu: for the bound uᵀx(Vy) ≤ |xᵀu| ≤ σ₁.
  const u = unitColumns(np.matmul(images, y));
  const image = np.matmul(transposed, u.ref);
  const sigma = np.sqrt(np.sum(np.square(image.ref), [-2, -1])).mul(scale.reshape(batch));
  return { sigma, u: np.squeeze(u, -1), v: np.squeeze(unitColumns(image), -1) };
}

/** What of x [..., n, 1] is orthogonal to the columns of the basis, at unit length; zero if nothing is left. */
function orthogonalTo(x: np.Array, basis: np.Array): np.Array {
  const transposed = np.matrixTranspose(basis.ref);
  const remove = (y: np.Array): np.Array => y.ref.sub(np.matmul(basis.ref, np.matmul(transposed.ref, y)));
  // Once loses orthogonality where most of x lies in the span; twice is enough (Parlett).
  const once = remove(unitColumns(x));
  const left = np.sum(np.square(once.ref), [-2, -1], { keepdims: true });
  const rest = remove(unitColumns(once));
  transposed.dispose();
  basis.dispose();
  // Below this only rounding is left of a unit vector: the space is exhausted.
  return np.where(left.greater(EXHAUSTED), unitColumns(rest), 0);
}

const EXHAUSTED = 1e-12; // (1e-6)², float32
