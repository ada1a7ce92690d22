import { numpy as np } from "@jax-js/jax";

import { type NewtonSchulzOptions, newtonSchulz } from "../matrix/newtonSchulz.ts";
import { polar } from "../matrix/polar.ts";
import type { Manifold } from "./manifold.ts";

export interface StiefelOptions {
  /**
   * How the nearest point, the polar factor, is found: exactly, or by Newton-Schulz; with a schedule that does not converge
   * points are off the manifold by its error. Default: Polar Express, 10 steps, 1e-5 for condition numbers up to 1e3.
   */
  readonly polar?: "svd" | NewtonSchulzOptions;
}

/**
 * Matrices with orthonormal columns, WᵀW = I, for m ≥ n; of a wide matrix the rows are.
 *
 *   nearest  U Vᵀ of W = UΣVᵀ        tangent  Z − W sym(WᵀZ), the embedded metric        retract  nearest(W + ξ)
 *
 * Source: Absil, Mahony & Sepulchre 2008.
 */
export function stiefel({
  polar: how = { coefficients: "polarExpress", steps: 10 },
}: StiefelOptions = {}): Manifold {
  const nearest = (w: np.Array): np.Array => (how === "svd" ? polar(w) : newtonSchulz(w, how));
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
