import { numpy as np } from "@jax-js/jax";

import type { StatelessTransform } from "../core/transform.ts";
import { mapUpdates } from "./scale.ts";

/** 2⁵⁰ ≈ 1e15: squares, their sums over a weight and products of two matrices stay below float32's 3e38. */
const LARGEST = 2 ** 50;

/** Entries beyond ±2⁵⁰ brought back to it, as `inRange` does. */
export const limitRange = (): StatelessTransform => mapUpdates(inRange);

/**
 * x with entries in ±2⁵⁰: larger ones become ±2⁵⁰, others stay as they are (−0 becomes 0). What is not finite is NaN, and so is never
 * taken for a large gradient. Entry by entry, so that it joins the pass that reads x. Consumes x.
 */
export function inRange(x: np.Array): np.Array {
  if (x.size === 0) return x;
  const nothing = x.ref.sub(x.ref); // NaN where x is not finite
  return np.clip(x, -LARGEST, LARGEST).add(nothing);
}
