import { numpy as np } from "@jax-js/jax";
import type { Transform } from "../core/transform.ts";
import { length } from "../matrix/reduce.ts";
import { type PerParameterState, perParameter } from "./perParameter.ts";

/** φ, the norm of the last update that was emitted, a scalar. */
export type GrowthState = { norm: np.Array };

/**
 * The norm of the updates of a parameter grows by at most the factor γ from one step to the next; it may shrink freely:
 *
 *   ν = γ / max(‖u‖/φ, γ), or 1 while φ = 0;   φ ← ν‖u‖;   emits νu
 *
 * State: φ, one number. Source: Chen et al. 2024, arXiv:2410.01623 (Fira), as in RACS and Alice.
 */
export function limitGrowth(gamma: number): Transform<PerParameterState<GrowthState>> {
  return perParameter({
    name: "limitGrowth",
    init(weight) {
      const { dtype } = weight;
      weight.dispose();
      return { norm: np.zeros([], { dtype }) };
    },
    update(u, { norm }, weight) {
      weight.dispose();
      const { limited, norm: next } = limitedGrowth(u, norm, gamma);
      return [limited, { norm: next }];
    },
  });
}

/** The rule for one array. Consumes both. */
export function limitedGrowth(
  u: np.Array,
  norm: np.Array,
  gamma: number,
): { limited: np.Array; norm: np.Array } {
  const size = length(u.ref);
  const known = norm.ref.greater(0);
  const growth = np.maximum(size.ref.div(np.where(known.ref, norm, 1)), gamma);
  const factor = np.where(known, np.reciprocal(growth).mul(gamma), 1);
  return { limited: u.mul(factor.ref), norm: size.mul(factor) };
}
