import { numpy as np } from "@jax-js/jax";

import { scaleByLargest } from "./normalization.ts";

/** A column [..., n, 1] at unit length; zero stays zero. Consumes x. */
export function unitColumns(x: np.Array): np.Array {
  const { scaled, scale } = scaleByLargest(x);
  scale.dispose();
  const length = np.sqrt(np.sum(np.square(scaled.ref), -2, { keepdims: true }));
  return scaled.div(np.where(length.ref.greater(0), length, 1));
}
