import { numpy as np } from "@jax-js/jax";

import { SMALLEST_NORMAL } from "./normalization.ts";

/**
 * The sum of all entries, one axis at a time: a single float32 accumulator over millions of entries would lose
 * digits (and stands still at 2²⁴ times the size of an entry). Consumes x.
 */
export function sumAll(x: np.Array): np.Array {
  let sum = x;
  while (sum.ndim > 0) sum = np.sum(sum, -1);
  return sum;
}

/** ⟨a, b⟩ = Σ aᵢbᵢ. Consumes both. */
export function inner(a: np.Array, b: np.Array): np.Array {
  return sumAll(a.mul(b));
}

/** max |xᵢ|. Consumes x. */
export function maxAbs(x: np.Array): np.Array {
  return np.max(np.abs(x));
}

/** |x|₂ over all entries, without overflow or underflow of the squares. Consumes x. */
export function length(x: np.Array): np.Array {
  const largest = nonzero(maxAbs(x.ref));
  return np.sqrt(sumAll(np.square(x.div(largest.ref)))).mul(largest);
}

/** |x|₂ of each slice along an axis, that axis kept with extent 1. Consumes x. */
export function lengthsAlong(x: np.Array, axis: number): np.Array {
  const largest = nonzero(np.max(np.abs(x.ref), axis, { keepdims: true }));
  return np.sqrt(np.sum(np.square(x.div(largest.ref)), axis, { keepdims: true })).mul(largest);
}

/**
 * Each slice along an axis divided by (factor · |slice|₂ + eps). Zero slices stay zero.
 *
 * With eps = 0 slices of any size down to the smallest normal float come out at length 1/factor; with eps > 0 the
 * squares are summed as they are, since sizes at which they underflow vanish beside eps. Consumes x.
 */
export function unitAlong(x: np.Array, axis: number, factor: number, eps: number): np.Array {
  if (eps > 0) {
    const lengths = np.sqrt(np.sum(np.square(x.ref), axis, { keepdims: true }));
    return x.div(lengths.mul(factor).add(eps));
  }
  const largest = nonzero(np.max(np.abs(x.ref), axis, { keepdims: true }));
  const scaled = x.div(largest);
  const lengths = nonzero(np.sqrt(np.sum(np.square(scaled.ref), axis, { keepdims: true })));
  return scaled.div(lengths.mul(factor));
}

/** The same for the whole array as one slice. Consumes x. */
export function unit(x: np.Array, factor: number, eps: number): np.Array {
  if (eps > 0)
    return x.ref.div(
      np
        .sqrt(sumAll(np.square(x)))
        .mul(factor)
        .add(eps),
    );
  const scaled = x.ref.div(nonzero(maxAbs(x)));
  const size = nonzero(np.sqrt(sumAll(np.square(scaled.ref))));
  return scaled.div(size.mul(factor));
}

/** x ≥ 0 with 1 for zeros, to divide by. Below the smallest normal float 1/x would overflow: that counts as zero. */
function nonzero(x: np.Array): np.Array {
  return np.where(x.ref.greater(SMALLEST_NORMAL), x, 1);
}
