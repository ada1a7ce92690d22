import { type DType, defaultDevice, numpy as np } from "@jax-js/jax";
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
 * jax-js diagonalises the smaller Gram matrix (cyclic Jacobi), which squares the condition number: in float32
 * everything below 3e-4·s₁ would be noise. So this works on x / max|x| in float64 where the device has it, and s
 * is right to about 1e-7·s₁ (float32), also for inputs of size 1e-30.
 *
 * Cost: about 4·n²·(m + n)·sweeps FLOPs, 6 to 10 sweeps, n the short side; on jax-js wasm, in plain JavaScript,
 * 0.2 s at n = 128, 11 s at n = 512. Not for hot paths: `newtonSchulz` is what optimizers use. Inside `jit` it
 * splits the compiled graph. x: [..., m, n]. Consumes x. Results have its dtype.
 */
export function svd(x: np.Array, options: SvdOptions = {}): Svd {
  const { batch, rows, columns } = expectMatrices("svd", x);
  const k = Math.min(rows, columns);
  const { dtype } = x;
  const { scaled, scale } = scaleByLargest(widest(x));
  const tolerance = options.nullBelow ?? defaultTolerance(dtype, scaled.dtype, Math.max(rows, columns));
  const [u, s, vt] = np.linalg.svd(scaled, { fullMatrices: false });
  const largest = np.max(s.ref, -1, { keepdims: true });
  const kept = s.ref.greater(largest.mul(tolerance));
  return {
    u: np.where(kept.ref.reshape([...batch, 1, k]), u, 0).astype(dtype),
    s: np.where(kept.ref, s.mul(scale.reshape([...batch, 1])), 0).astype(dtype),
    vt: np.where(kept.reshape([...batch, k, 1]), vt, 0).astype(dtype),
  };
}

/** The singular values [..., min(m, n)], descending, as `svd` gives them. Consumes x. */
export function singularValues(x: np.Array, options: SvdOptions = {}): np.Array {
  const { u, s, vt } = svd(x, options);
  u.dispose();
  vt.dispose();
  return s;
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
