import { numpy as np } from "@jax-js/jax";

/** The least sine of the angles between columns of both, a scalar. Consumes both; can be traced. */
export function leastSine(x: np.Array, gradient: np.Array): np.Array {
  const inner = np.sum(x.ref.mul(gradient.ref), 0);
  const lengths = np.sum(np.square(x), 0).mul(np.sum(np.square(gradient), 0));
  const cosine = np.square(inner).div(lengths);
  return np.sqrt(np.clip(np.min(cosine.neg().add(1)), 0, 1));
}
