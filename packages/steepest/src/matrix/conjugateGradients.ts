import { numpy as np } from "@jax-js/jax";

/**
 * (diagonal·I − s) λ = q by conjugate gradients, from zero. Consumes all. s: [..., m, m], diagonal [..., 1, 1],
 * q [..., m, 1]. A step is left out once the
 * residual has converged, or where the curvature of its direction is rounding: with rows of equal length the constant vector,
 * which λ is centred against anyway, has none, and would be followed to infinity.
 */
export function conjugateGradients(s: np.Array, diagonal: np.Array, q: np.Array, steps: number): np.Array {
  const dot = (a: np.Array, b: np.Array): np.Array => np.sum(a.mul(b), -2, { keepdims: true });
  let lambda = np.zerosLike(q.ref);
  let residual = q;
  let direction = residual.ref;
  let size = dot(residual.ref, residual.ref);
  const enough = size.ref.mul(CONVERGED);
  for (let step = 0; step < steps; step++) {
    const image = direction.ref.mul(diagonal.ref).sub(np.matmul(s.ref, direction.ref));
    const curvature = dot(direction.ref, image.ref);
    const flat = dot(direction.ref, direction.ref).mul(diagonal.ref).mul(FLAT);
    const known = np.where(np.abs(curvature.ref).greater(flat), 1, 0);
    const active = np.where(size.ref.greater(enough.ref), known, 0).greater(0);
    const length = np.where(active.ref, size.ref.div(curvature), 0);
    lambda = lambda.add(direction.ref.mul(length.ref));
    residual = residual.sub(image.mul(length));
    const next = dot(residual.ref, residual.ref);
    direction = residual.ref.add(direction.mul(np.where(active, next.ref.div(size), 0)));
    size = next;
  }
  for (const unused of [s, diagonal, residual, direction, size, enough]) unused.dispose();
  return lambda;
}

/** Square of the relative residual, in float32. */
const CONVERGED = 1e-12;
/** Curvature over that of the diagonal alone, ten times the rounding of float32. */
const FLAT = 1e-6;
