import { lax, numpy as np, random } from "@jax-js/jax";

/**
 * F(X) = ½⟨X − S, A(X − S)B⟩ with gradient A(X − S)B, in float64: the test problem of The Nuclear Norm and Beyond,
 * section 6.1. A and B are symmetric with eigenvalues uniform on (0, 1), S Gaussian, X₀ = 0.
 */
export interface LeastSquares {
  readonly matrices: Matrices;
  readonly start: np.Array;
  value(x: np.Array): np.Array;
  gradient(x: np.Array): np.Array;
  /** Eigenvalues, falling. */
  readonly a: readonly number[];
  readonly b: readonly number[];
}

/** A, B and S; a type alias, so that it is a tree. */
export type Matrices = { left: np.Array; right: np.Array; target: np.Array };

export function leastSquares(m: number, n: number, seed: number): LeastSquares {
  const keys = random.split(random.key(seed), 5);
  const key = (i: number): np.Array => keys.ref.slice(i);
  const spectrum = (i: number, size: number): number[] =>
    (random.uniform(key(i), [size]).js() as number[]).toSorted((x, y) => y - x);
  const [a, b] = [spectrum(0, m), spectrum(1, n)];
  const [left, right] = [symmetric(a, orthogonal(key(2), m)), symmetric(b, orthogonal(key(3), n))];
  const target = random.normal(key(4), [m, n]).astype(np.float64);
  keys.dispose();
  const gradient = (x: np.Array): np.Array => np.matmul(np.matmul(left.ref, x.sub(target.ref)), right.ref);
  return {
    start: np.zeros([m, n], { dtype: np.float64 }),
    gradient,
    value: (x) => np.sum(x.ref.sub(target.ref).mul(gradient(x))).mul(0.5),
    a,
    b,
    matrices: { left, right, target },
  };
}

/** Q diag(λ) Qᵀ. Consumes Q. */
function symmetric(eigenvalues: readonly number[], q: np.Array): np.Array {
  const row = np.array(Float64Array.from(eigenvalues)).reshape([1, eigenvalues.length]);
  return np.matmul(q.ref.mul(row), np.matrixTranspose(q));
}

/** The eigenvectors of a random symmetric matrix, float64. */
function orthogonal(key: np.Array, size: number): np.Array {
  const gaussian = random.normal(key, [size, size]).astype(np.float64);
  const [vectors, values] = lax.linalg.eigh(gaussian.ref.add(np.matrixTranspose(gaussian)));
  values.dispose();
  return vectors;
}
