import { numpy as np } from "@jax-js/jax";
import { type SvdOptions, svd } from "./svd.ts";

/**
 * The polar factor U Vᵀ over the nonzero singular values of x = U Σ Vᵀ (also called msign), by SVD.
 *
 * Its singular values are 1, and 0 in the null space of x; so polar(0) = 0, and it is finite for rank-deficient,
 * 1-wide and 1-tall inputs. Which singular values count as zero: `nullBelow` of `svd`. Unlike by Newton-Schulz
 * the scale of x does not matter down to the smallest numbers.
 *
 * Error for float32 data: about κ·1e-7, κ the ratio of the largest to the smallest kept singular value (that is
 * the conditioning of the problem). Cost: `svd` and 2mn² FLOPs more, far above Newton-Schulz.
 * x: [..., m, n]. Consumes x.
 */
export function polar(x: np.Array, options: SvdOptions = {}): np.Array {
  const { u, s, vt } = svd(x, options);
  s.dispose();
  return np.matmul(u, vt);
}
