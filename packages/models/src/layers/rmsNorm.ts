import { numpy as np } from "@jax-js/jax";

/**
 * x / √(mean(x²) + eps) over the last axis, times `gain` [last] if there is one; same shape as x.
 * Source: Zhang & Sennrich 2019, arXiv:1910.07467. eps = 1e-6 as in LLaMA: a zero vector stays zero.
 */
export function rmsNorm(x: np.Array, gain?: np.Array, eps = 1e-6): np.Array {
  const meanSquare = np.mean(np.square(x.ref), -1, { keepdims: true });
  const normalised = x.mul(np.reciprocal(np.sqrt(meanSquare.add(eps))));
  return gain === undefined ? normalised : normalised.mul(gain);
}
