import type { numpy as np } from "@jax-js/jax";
import { type NewtonSchulzOptions, newtonSchulz } from "./newtonSchulz.ts";

export type PolarExpressVariant = "polarExpress" | "polarExpress2pct" | "polarExpressNvidia";

export interface PolarExpressRunOptions extends Omit<NewtonSchulzOptions, "coefficients"> {
  /** Which published list; default "polarExpress", the paper's with safety 1.01. */
  readonly variant?: PolarExpressVariant;
}

/**
 * The polar factor by the Polar Express: Newton-Schulz whose polynomial changes from step to step, each the best
 * for the interval the singular values are in by then.
 *
 * 5 steps (default) bring σ ≥ 1e-3·‖x‖_F into 0.85…1.13, 8 steps to 1 ± 1e-4.
 * Shapes, cost per step, ownership: as `newtonSchulz`. For another interval than [1e-3, 1] give
 * `newtonSchulz(x, { coefficients: polarExpressSet({ lower }) })`.
 *
 * Source: Amsel, Persson, Musco, Gower 2025, arXiv:2505.16932.
 */
export function polarExpress(
  x: np.Array,
  { variant = "polarExpress", ...options }: PolarExpressRunOptions = {},
): np.Array {
  return newtonSchulz(x, { ...options, coefficients: variant });
}
