import { numpy as np } from "@jax-js/jax";
import { expectNumbers, expectWhole } from "../core/expectNumbers.ts";

import { expectMatrices } from "./shape.ts";

export interface CoupledNewtonSchulzOptions {
  /** Iterations, each three products. Default 20: a condition number of 1e4. */
  readonly steps?: number;
  /**
   * What A is divided by first: `frobenius` ‖A‖_F, or `trace`, which for A = XXᵀ is ‖X‖_F² and takes a few steps more.
   * Default "frobenius".
   */
  readonly divisor?: "frobenius" | "trace";
  /** ε ≥ 0: A + ε‖A‖_F·I is what is taken. Default 0. */
  readonly ridge?: number;
}

export interface SquareRoots {
  /** A^(1/2), [..., n, n]. */
  readonly root: np.Array;
  /** A^(−1/2), [..., n, n]. */
  readonly inverseRoot: np.Array;
}

/**
 * The square root of symmetric positive definite matrices and its inverse, by products alone.
 *
 *   Y = A/‖A‖_F, Z = I;   T = ½(3I − ZY),  Y ← YT,  Z ← TZ;      A^(1/2) = √‖A‖_F·Y,  A^(−1/2) = Z/√‖A‖_F
 *
 * Steps to converge: log₁.₅ √(κ‖A‖_F/σ₁) until the quadratic phase, then 4 to 6: 10 for κ = 10, 15 for 100, 20 for 1e4.
 * Fewer, and the directions of small eigenvalues fall short. In float32 the error of A^(−1/2) is about κ·1e-7 relative
 * to its largest entry; Y and Z are made symmetric at each step, which keeps rounding from growing. For a singular A the
 * inverse root is (1.5^steps)-bounded garbage in the null space: give a ridge. Zero gives zero.
 * Cost: 6n³·steps FLOPs. a: [..., n, n]. Consumes a. Can be traced.
 *
 * Source: Denman & Beavers 1976; Higham 1997 (coupled form); SWAN, arXiv:2412.13148.
 */
export function coupledNewtonSchulz(
  a: np.Array,
  { steps = 20, ridge = 0, divisor = "frobenius" }: CoupledNewtonSchulzOptions = {},
): SquareRoots {
  const { rows, columns } = expectMatrices("coupledNewtonSchulz", a);
  if (rows !== columns)
    throw new Error(`coupledNewtonSchulz needs square matrices [..., n, n]; got shape [${a.shape}]`);
  expectWhole("coupledNewtonSchulz", { steps }, 1);
  expectNumbers("coupledNewtonSchulz", { ridge }, "≥ 0");
  const eye = np.eye(rows, rows, { dtype: a.dtype });
  const size = frobenius(a.ref);
  const ridged = ridge === 0 ? a : a.add(eye.ref.mul(ridge).mul(size.ref));
  size.dispose();
  const norm = divisor === "trace" ? trace(ridged.ref) : frobenius(ridged.ref);
  const nonzero = norm.ref.greater(0);
  const safe = np.where(nonzero.ref, norm, 1);
  let y = ridged.div(safe.ref);
  let z = np.where(nonzero, eye.ref, 0);
  for (let step = 0; step < steps; step++) {
    const t = eye.ref.mul(1.5).sub(np.matmul(z.ref, y.ref).mul(0.5));
    y = symmetric(np.matmul(y, t.ref));
    z = symmetric(np.matmul(t, z));
  }
  eye.dispose();
  const scale = np.sqrt(safe);
  return { root: y.mul(scale.ref), inverseRoot: z.div(scale) };
}

const frobenius = (a: np.Array): np.Array => np.sqrt(np.sum(np.square(a), [-2, -1], { keepdims: true }));

const symmetric = (a: np.Array): np.Array => a.ref.add(np.matrixTranspose(a)).mul(0.5);

/** tr a of each matrix, [..., 1, 1]. Consumes a. */
function trace(a: np.Array): np.Array {
  return np.sum(np.diagonal(a, 0, -2, -1), -1, { keepdims: true }).reshape([...a.shape.slice(0, -2), 1, 1]);
}
