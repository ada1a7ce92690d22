import { numpy as np } from "@jax-js/jax";
import { expectNumbers } from "../core/expectNumbers.ts";
import type { StatelessTransform } from "../core/transform.ts";
import { length } from "../matrix/reduce.ts";
import { mapWithWeights } from "./mapWithWeights.ts";

export interface TrustRatioOptions {
  /** κ. Default 1. */
  readonly coefficient?: number;
  /** Added to ‖u‖. Default 0. */
  readonly eps?: number;
  /** Largest ‖W‖ that counts. Default none. */
  readonly maxWeightNorm?: number;
}

/**
 * u · κ‖W‖ / (‖u‖ + eps), Frobenius norms of every parameter on its own: the relative step does not depend on
 * the size of u. Where either norm is 0 the update stays as it is.
 * Source: You et al. 2017, arXiv:1708.03888 (LARS) and 2019, arXiv:1904.00962 (LAMB).
 */
export function scaleByTrustRatio(options: TrustRatioOptions = {}): StatelessTransform {
  const { coefficient = 1, eps = 0, maxWeightNorm = Number.POSITIVE_INFINITY } = options;
  expectNumbers("scaleByTrustRatio", { coefficient, eps }, "≥ 0");
  if (maxWeightNorm !== Number.POSITIVE_INFINITY)
    expectNumbers("scaleByTrustRatio", { maxWeightNorm }, "> 0");
  return mapWithWeights((u, w) => u.ref.mul(trustRatio(length(w), length(u), options)));
}

/** κ‖W‖ / (‖u‖ + eps), 1 where either norm is 0. Consumes both norms. */
export function trustRatio(weight: np.Array, update: np.Array, options: TrustRatioOptions): np.Array {
  const { coefficient = 1, eps = 0, maxWeightNorm = Number.POSITIVE_INFINITY } = options;
  const usable = np.minimum(weight.ref, update.ref).greater(0);
  const size = Number.isFinite(maxWeightNorm) ? np.minimum(weight, maxWeightNorm) : weight;
  const denominator = np.where(usable.ref, update.add(eps), 1);
  return np.where(usable, size.mul(coefficient).div(denominator), 1);
}
