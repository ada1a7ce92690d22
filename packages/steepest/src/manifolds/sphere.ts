import { numpy as np } from "@jax-js/jax";

import { inner, length, unit } from "../matrix/reduce.ts";
import type { Manifold } from "./manifold.ts";

/**
 * Matrices of Frobenius norm ρ.
 *
 *   tangent  Z − W ⟨Z, W⟩/ρ²      retract  ρ(W + ξ)/‖W + ξ‖      exponential  cos(‖ξ‖/ρ) W + ρ sin(‖ξ‖/ρ) ξ/‖ξ‖
 *
 * Throws a RangeError unless ρ is positive and finite. Source: Absil, Mahony & Sepulchre 2008.
 */
export function sphere(radius = 1): Manifold {
  if (!(radius > 0 && Number.isFinite(radius)))
    throw new RangeError(`sphere: the radius must be positive and finite, got ${radius}`);
  const nearest = (w: np.Array): np.Array => unit(w, 1, 0).mul(radius);
  return {
    name: "sphere",
    nearest,
    tangent: (at, z) => z.ref.sub(at.ref.mul(inner(z, at).div(radius * radius))),
    retract: (at, step) => nearest(at.add(step)),
    exponential(at, step) {
      const size = length(step.ref);
      const angle = size.ref.div(radius);
      const safe = np.where(size.ref.greater(0), size, 1);
      return at.mul(np.cos(angle.ref)).add(step.mul(np.sin(angle).mul(radius).div(safe)));
    },
  };
}
