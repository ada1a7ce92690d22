import { numpy as np } from "@jax-js/jax";
import { symmetricEigen } from "../matrix/symmetricEigen.ts";
import { widest } from "../matrix/widest.ts";

/** Far above float64 rounding and the tolerance of the eigensolver. */
const NUDGE = 1e-6;
/** Squares of singular values below this share of the largest are what float32 gradients do not know. */
const UNKNOWN = 1e-12;

/**
 * XXᵀ (`left`) or XᵀX (`right`) whose eigenvectors are singular vectors of X, and the same ones for compiled and eager steps:
 *
 *   A + 1e-6·max|A|·P Diag(1/n … 1) P,   P the projection on the null space of A
 *
 * The longer side of a matrix has a null space, in which every basis is one of eigenvectors; the ramp picks one. Elsewhere nothing
 * is added: a ramp over all of it would turn left and right vectors against each other, and what is off the diagonal of UᵀXV then is
 * no rounding any more. [m, m] or [n, n], in float64 where there is such. Cost: an eigendecomposition of the shorter side.
 * Consumes X.
 */
export function singularGram(source: np.Array, side: "left" | "right"): np.Array {
  const given = widest(source);
  const [rows = 1, columns = 1] = given.shape;
  // Wide: [m, n] with m ≤ n, its rows the shorter side.
  const x = rows <= columns ? given : np.matrixTranspose(given);
  const shorter = (side === "left") === rows <= columns;
  const small = np.matmul(x.ref, np.matrixTranspose(x.ref));
  const { vectors, values } = symmetricEigen(small.ref);
  const known = values.ref.greater(np.max(values.ref).mul(UNKNOWN));
  const weights = shorter
    ? np.ones(values.shape, { dtype: values.dtype })
    : np.reciprocal(np.where(known.ref, values.ref, 1));
  values.dispose();
  const scaled = vectors.ref.mul(np.where(known, weights, 0));
  const inside = np.matmul(scaled, np.matrixTranspose(vectors)); // U₊U₊ᵀ, or U₊Λ⁻¹U₊ᵀ
  if (shorter) {
    x.dispose();
    return small.ref.add(ramp(small, inside));
  }
  small.dispose();
  const long = np.matmul(np.matrixTranspose(x.ref), x.ref);
  const range = np.matmul(np.matmul(np.matrixTranspose(x.ref), inside), x);
  return long.ref.add(ramp(long, range));
}

/** 1e-6·max|A|·P Diag(1/n … 1) P with P = I − range. Consumes both. */
function ramp(a: np.Array, range: np.Array): np.Array {
  const [size = 1] = a.shape;
  const { dtype } = a;
  const outside = np.eye(size, size, { dtype }).sub(range);
  const steps = np.linspace(1 / size, 1, size, true, { dtype });
  const within = np.matmul(outside.ref.mul(steps), outside);
  return within.mul(np.max(np.abs(a)).mul(NUDGE));
}
