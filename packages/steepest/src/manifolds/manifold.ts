import type { numpy as np } from "@jax-js/jax";

/**
 * A set of matrices with what Riemannian methods need of it. Every method consumes its arrays and can be traced.
 *
 *   nearest(w)        N(w), w put on the manifold
 *   tangent(at, z)    the orthogonal projection of z on the tangent space at a point of the manifold
 *   retract(at, ξ)    N(at + ξ): a step along the manifold, right to first order
 *   exponential(at, ξ) the end of the geodesic that starts along ξ, where it has a simple form
 */
export interface Manifold {
  readonly name: string;
  nearest(w: np.Array): np.Array;
  tangent(at: np.Array, z: np.Array): np.Array;
  retract(at: np.Array, step: np.Array): np.Array;
  exponential?(at: np.Array, step: np.Array): np.Array;
}
