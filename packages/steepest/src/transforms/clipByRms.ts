import { numpy as np } from "@jax-js/jax";
import { expectNumbers } from "../core/expectNumbers.ts";

import type { StatelessTransform } from "../core/transform.ts";
import { mapUpdates } from "./scale.ts";

/** Root mean square of all entries, in two stages: one float32 accumulator would lose digits. Consumes x. */
export function rootMeanSquare(x: np.Array): np.Array {
  let mean = np.square(x);
  while (mean.ndim > 0) mean = np.mean(mean, -1);
  return np.sqrt(mean);
}

/** u / max(1, RMS(u) / threshold), every parameter on its own. Source: Shazeer & Stern 2018, arXiv:1804.04235. */
export function clipByRms(threshold: number): StatelessTransform {
  expectNumbers("clipByRms", { threshold }, "> 0");
  return mapUpdates((u) => {
    const excess = np.maximum(rootMeanSquare(u.ref).div(threshold), 1);
    return u.div(excess);
  });
}
