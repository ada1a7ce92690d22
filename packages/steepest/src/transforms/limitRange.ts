import { numpy as np } from "@jax-js/jax";

import type { StatelessTransform } from "../core/transform.ts";
import { mapUpdates } from "./scale.ts";

/** 2⁵⁰ ≈ 1e15: squares, their sums over a weight and products of two matrices stay below float32's 3e38. */
const LARGEST = 2 ** 50;

/** Every parameter whose largest entry is above 2⁵⁰ scaled down to it, as `inRange` does. */
export const limitRange = (): StatelessTransform => mapUpdates(inRange);

/**
 * x, scaled down to a largest entry of 2⁵⁰ where that is exceeded, otherwise bit for bit as it is. What is not finite stays
 * so: NaN in place of infinity. Consumes x.
 */
export function inRange(x: np.Array): np.Array {
  if (x.size === 0) return x;
  const largest = np.max(np.abs(x.ref));
  return x.mul(np.where(largest.ref.greater(LARGEST), np.full([], LARGEST).div(largest), 1));
}
