import { type DType, defaultDevice, lax, numpy as np } from "@jax-js/jax";
import { expectNumbers } from "../core/expectNumbers.ts";
import { scaleByLargest } from "./normalization.ts";
import { expectMatrices } from "./shape.ts";

export interface Svd {
  /** [..., m, k] with k = min(m, n). The columns of null singular values are zero. */
  readonly u: np.Array;
  /** [..., k], descending; null singular values are exactly 0. */
  readonly s: np.Array;
  /** [..., k, n]. The rows of null singular values are zero. */
  readonly vt: np.Array;
}

export interface SvdOptions {
  /**
   * Singular values up to this share of the largest count as null. Default ε·√max(m, n), ε = 2⁻²³ for float32
   * data: about what the rounding of a matrix product leaves in a null direction. On WebGPU, which has no
   * float64, √ε·√max(m, n). float64 data: √ε₆₄·√max(m, n).
   */
  readonly nullBelow?: number;
}

/**
 * Thin singular value decomposition x = U diag(s) Vᵀ that stays finite for every finite input.
 *
 * Diagonalises the smaller Gram matrix by jax-js's cyclic Jacobi, which squares the condition number: in float32
 * everything below 3e-4·s₁ would be noise. So this works on x / max|x| in float64 where the device has it, and s
 * is right to about 1e-7·s₁ for float32 data of any size. (`np.linalg.svd` of jax-js 0.1.25 takes the same way, but
 * in the dtype of x, without scaling, and leaks an array at each call.)
 *
 * Cost: about 4·n²·(m + n)·sweeps FLOPs, 6 to 10 sweeps, n the short side; on jax-js wasm, in plain JavaScript,
 * 0.2 s at n = 128, 11 s at n = 512. Not for hot paths: `newtonSchulz` is what optimizers use. Inside `jit` it
 * splits the compiled graph. x: [..., m, n]. Consumes x. Results have its dtype.
 */
export function svd(x: np.Array, options: SvdOptions = {}): Svd {
  const { batch, rows, columns } = expectMatrices("svd", x);
  const { dtype } = x;
  const short = Math.min(rows, columns);
  const { scaled, vectors, s, kept, scale } = decompose(x, options);
  // The other side's vectors are x (or xᵀ) times these, over s; 0 where s counts as 0.
  const reciprocal = np.where(kept.ref, np.reciprocal(np.where(kept.ref, s.ref, 1)), 0);
  const known = np.where(kept.reshape([...batch, 1, short]), vectors.ref, 0).astype(dtype);
  const values = s.mul(scale.reshape([...batch, 1])).astype(dtype);
  if (rows <= columns) {
    const images = np.matmul(np.matrixTranspose(vectors), scaled);
    const vt = images.mul(reciprocal.reshape([...batch, short, 1])).astype(dtype);
    return { u: known, s: values, vt };
  }
  const u = np
    .matmul(scaled, vectors)
    .mul(reciprocal.reshape([...batch, 1, short]))
    .astype(dtype);
  return { u, s: values, vt: np.matrixTranspose(known) };
}

/** The singular values [..., min(m, n)], descending, as `svd` gives them. Consumes x. */
export function singularValues(x: np.Array, options: SvdOptions = {}): np.Array {
  const { batch } = expectMatrices("singularValues", x);
  const { dtype } = x;
  const { scaled, vectors, s, kept, scale } = decompose(x, options);
  for (const unused of [scaled, vectors, kept]) unused.dispose();
  return s.mul(scale.reshape([...batch, 1])).astype(dtype);
}

interface Decomposition {
  /** x / max|x| in the working dtype. */
  readonly scaled: np.Array;
  /** Eigenvectors of its smaller Gram matrix as columns, [..., k, k]. */
  readonly vectors: np.Array;
  /** Its singular values [..., k], descending, null ones 0. */
  readonly s: np.Array;
  /** Which of them are not null. */
  readonly kept: np.Array;
  /** max|x|, [..., 1, 1]. */
  readonly scale: np.Array;
}

function decompose(x: np.Array, { nullBelow }: SvdOptions): Decomposition {
  expectNumbers("svd", { nullBelow: nullBelow ?? 0 }, "≥ 0");
  const [m = 0, n = 0] = x.shape.slice(-2);
  const { dtype } = x;
  const { scaled, scale } = scaleByLargest(widest(x));
  const tolerance = nullBelow ?? defaultTolerance(dtype, scaled.dtype, Math.max(m, n));
  const transposed = np.matrixTranspose(scaled.ref);
  const gram = m <= n ? np.matmul(scaled.ref, transposed) : np.matmul(transposed, scaled.ref);
  const [vectors, values] = lax.linalg.eigh(gram, { symmetrizeInput: false });
  const all = np.sqrt(np.maximum(np.flip(values, -1), 0));
  const kept = all.ref.greater(np.max(all.ref, -1, { keepdims: true }).mul(tolerance));
  return { scaled, vectors: np.flip(vectors, -1), s: np.where(kept.ref, all, 0), kept, scale };
}

/** x in the widest float type the device computes in. */
function widest(x: np.Array): np.Array {
  const device = defaultDevice();
  return device === "webgpu" || device === "webgl" ? x.astype(np.float32) : x.astype(np.float64);
}

const EPS32 = 2 ** -23;
const EPS64 = 2 ** -52;

function defaultTolerance(data: DType, work: DType, longSide: number): number {
  const wide = work === np.float64 && data === np.float64;
  const exact = work === np.float64 && !wide;
  return Math.sqrt(longSide) * (exact ? EPS32 : Math.sqrt(wide ? EPS64 : EPS32));
}
