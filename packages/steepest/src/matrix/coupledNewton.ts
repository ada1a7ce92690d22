import { numpy as np } from "@jax-js/jax";
import { expectNumbers, expectWhole } from "../core/expectNumbers.ts";

import { expectSquare } from "./shape.ts";

export interface CoupledNewtonOptions {
  /** Added to the diagonal before anything else, ≥ 0. Default 1e-12. */
  readonly eps?: number;
  /** Number of iterations, all of them done: nothing is read back. Default 40. */
  readonly steps?: number;
  /** An iteration is kept only while the error max|M − I| is above this. Default 1e-6. */
  readonly tolerance?: number;
  /** … and has not grown by more than this factor in the last one. Default 1.2. */
  readonly growth?: number;
}

/**
 * a^(−1/p) for symmetric positive definite a [..., n, n] and whole p ≥ 1, by matrix products alone.
 *
 *   z = (p+1)/(2‖a‖_F),  X = z^(1/p) I,  M = za;      T = (1 + 1/p)I − M/p,   X ← XT,   M ← TᵖM
 *
 * M → I for eigenvalues of za in (0, p+1], X → a^(−1/p). A matrix whose error is small enough or grows keeps its X:
 * in float32 the error stagnates near 1e-6·cond and would then grow. Well conditioned, p = 4: about 10 steps;
 * each power of 10 in the condition number costs about 2.3·p / ln(1 + 1/p) / (2p) steps more.
 * FLOPs: steps · 2n³ · (2 + log₂ p). Consumes a. Can be traced; does not split a compiled graph.
 *
 * Source: Guo & Higham 2006; guard of Anil et al. 2020, arXiv:2002.09018; constants of Distributed Shampoo.
 */
export function coupledNewton(a: np.Array, p: number, options: CoupledNewtonOptions = {}): np.Array {
  const { batch, size } = expectSquare("coupledNewton", a);
  const { eps = 1e-12, steps = 40, tolerance = 1e-6, growth = 1.2 } = options;
  expectNumbers("coupledNewton", { eps, tolerance }, "≥ 0");
  expectNumbers("coupledNewton", { growth }, "> 0");
  expectWhole("coupledNewton", { steps }, 1);
  if (!(Number.isSafeInteger(p) && p >= 1))
    throw new RangeError(
      `coupledNewton: p must be a whole number ≥ 1, got ${p}; inverseRoot takes any p > 0`,
    );
  const { dtype } = a;
  const eye = np.eye(size, size, { dtype });
  const ridged = a.add(eye.ref.mul(eps));
  const norm = np.sqrt(np.sum(np.square(ridged.ref), [-2, -1], { keepdims: true }));
  const z = np.reciprocal(np.where(norm.ref.greater(0), norm, 1)).mul((p + 1) / 2);
  let x = eye.ref.mul(np.exp(np.log(z.ref).mul(1 / p)));
  let m = ridged.mul(z);
  let error = distanceFrom(m.ref, eye.ref);
  for (let step = 0; step < steps; step++) {
    const t = eye.ref.mul(1 + 1 / p).sub(m.ref.div(p));
    const nextX = np.matmul(x.ref, t.ref);
    const nextM = np.matmul(power(t, p), m.ref);
    const nextError = distanceFrom(nextM.ref, eye.ref);
    // NaN compares false, so a step that overflows is not kept.
    const better = nextError.ref.lessEqual(error.ref.mul(growth));
    const kept = np.where(error.ref.greater(tolerance), better, false).reshape([...batch, 1, 1]);
    x = np.where(kept.ref, nextX, x);
    m = np.where(kept.ref, nextM, m);
    error = np.where(kept.reshape(batch), nextError, error);
  }
  for (const unused of [m, error, eye]) unused.dispose();
  return x;
}

/** max|m − I| of each matrix. Consumes both. */
function distanceFrom(m: np.Array, eye: np.Array): np.Array {
  return np.max(np.abs(m.sub(eye)), [-2, -1]);
}

/** tᵖ by repeated squaring. Consumes t. */
function power(t: np.Array, p: number): np.Array {
  if (p === 1) return t;
  const half = power(p % 2 === 0 ? t : t.ref, Math.floor(p / 2));
  const square = np.matmul(half.ref, half);
  return p % 2 === 0 ? square : np.matmul(square, t);
}
