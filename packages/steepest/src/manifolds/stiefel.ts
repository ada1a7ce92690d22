import { numpy as np } from "@jax-js/jax";

import { type Polar, polarFunction } from "../matrix/polar.ts";
import type { Manifold } from "./manifold.ts";

export interface StiefelOptions {
  /**
   * How the nearest point, the polar factor, is found; with an iteration that has not converged points are off the
   * manifold by its error. Default: Polar Express, 10 steps, 1e-5 for condition numbers up to 1e3.
   */
  readonly polar?: Polar;
}

/**
 * Matrices with orthonormal columns, WᵀW = I, for m ≥ n; of a wide matrix the rows are.
 *
 *   nearest  U Vᵀ of W = UΣVᵀ        tangent  Z − W sym(WᵀZ), the embedded metric        retract  nearest(W + ξ)
 *
 * Source: Absil, Mahony & Sepulchre 2008.
 */
export function stiefel({ polar = { method: "polarExpress", steps: 10 } }: StiefelOptions = {}): Manifold {
  const nearest = polarFunction(polar);
  return {
    name: "stiefel",
    nearest,
    tangent(at, z) {
      const [rows = 1, cols = 1] = at.shape;
      const atT = np.matrixTranspose(at.ref);
      if (rows >= cols) return z.ref.sub(np.matmul(at, symmetric(np.matmul(atT, z))));
      return z.ref.sub(np.matmul(symmetric(np.matmul(z, atT)), at));
    },
    retract: (at, step) => nearest(at.add(step)),
  };
}

/** (A + Aᵀ)/2. Consumes a. */
function symmetric(a: np.Array): np.Array {
  return a.ref.add(np.matrixTranspose(a)).mul(0.5);
}
