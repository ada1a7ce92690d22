import { numpy as np } from "@jax-js/jax";
import { mapLeaves, namedLeaves, refTree, type Tree } from "../core/tree.ts";
import { innerProduct } from "../steps/innerProduct.ts";

/** Scalars that add up over layers: of a group they are the sums of its layers'. */
export type GradientNoise = {
  /** ‖ḡ‖², of the mean of the slices: the gradient of the batch. */
  readonly squaredNorm: np.Array;
  /** V, the variance of ḡ, summed over its entries. */
  readonly variance: np.Array;
};

/**
 * How much of a gradient is noise, from the gradients gᵢ of K equal parts of its batch:
 *
 *   ḡ = (1/K) Σ gᵢ        V = 1/(K(K−1)) Σ ‖gᵢ − ḡ‖²        signal-to-noise ratio ‖ḡ‖²/V
 *
 * V estimates E‖ḡ − ∇f‖² without bias, for examples drawn independently; K·V is the variance of one part. Gradients of noise
 * alone have a ratio of about 1, since E‖ḡ‖² = ‖∇f‖² + V. Consumes the trees. Can be traced. Cost: 4K operations an entry, and
 * the gradients of the parts, together one gradient more.
 * Throws a RangeError for fewer than two parts. As McCandlish et al. 2018, arXiv:1812.06162, appendix A, have it.
 */
export function gradientNoise(parts: readonly Tree[]): GradientNoise {
  const [first, ...rest] = parts;
  if (first === undefined || rest.length === 0)
    throw new RangeError(`gradientNoise needs the gradients of at least two parts, got ${parts.length}`);
  const count = parts.length;
  const sum = rest.reduce<Tree>(
    (so, part) => mapLeaves((a, b) => a.add(b), so, refTree(part)),
    refTree(first),
  );
  const mean = mapLeaves((leaf) => leaf.mul(1 / count), sum);
  const apart = parts.map((part) => squaredNorm(mapLeaves((g, m) => g.sub(m), part, refTree(mean))));
  const variance = apart.reduce((a, b) => a.add(b)).div(count * (count - 1));
  return { squaredNorm: squaredNorm(mean), variance };
}

/** ‖x‖². Consumes the tree. */
function squaredNorm(x: Tree): np.Array {
  return namedLeaves(x).length === 0 ? np.zeros([]) : innerProduct(refTree(x), x);
}
