import type { numpy as np } from "@jax-js/jax";
import { length } from "../matrix/reduce.ts";

/**
 * ‖h‖_RMS = √(mean of squares) over all entries, a scalar. Of hidden vectors [examples, width] it is the root of the mean over
 * examples of ‖hᵢ‖²/width: features are learned where it is about 1 for h and for what a step changes of it, at any width.
 * Consumes h. Can be traced. Cost: 2 operations an entry. Source: Yang, Simon & Bernstein 2023, arXiv:2310.17813.
 */
export function rootMeanSquare(h: np.Array): np.Array {
  const size = h.shape.reduce((product, side) => product * side, 1);
  return length(h).div(Math.sqrt(size));
}
