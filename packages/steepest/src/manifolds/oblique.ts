import { numpy as np } from "@jax-js/jax";

import { lengthsAlong, unitAlong } from "../matrix/reduce.ts";
import type { Manifold } from "./manifold.ts";

/**
 * Matrices [m, n] whose columns (or rows) are unit vectors, a product of spheres.
 *
 *   tangent  Z − W ⟨Z, W⟩ₖ        retract  (W + ξ)/‖W + ξ‖ₖ        exponential, per vector  cos‖ξ‖ w + sin‖ξ‖ ξ/‖ξ‖
 *
 * A zero vector has no nearest point and stays zero. Source: Absil, Mahony & Sepulchre 2008.
 */
export function oblique(vectors: "columns" | "rows" = "columns"): Manifold {
  const axis = vectors === "columns" ? 0 : 1;
  const along = (a: np.Array, b: np.Array): np.Array => np.sum(a.mul(b), axis, { keepdims: true });
  const nearest = (w: np.Array): np.Array => unitAlong(w, axis, 1, 0);
  return {
    name: vectors === "columns" ? "oblique" : "oblique rows",
    nearest,
    tangent: (at, z) => z.ref.sub(at.ref.mul(along(z, at))),
    retract: (at, step) => nearest(at.add(step)),
    exponential(at, step) {
      const angle = lengthsAlong(step.ref, axis);
      const safe = np.where(angle.ref.greater(0), angle.ref, 1);
      return at.mul(np.cos(angle.ref)).add(step.mul(np.sin(angle).div(safe)));
    },
  };
}
