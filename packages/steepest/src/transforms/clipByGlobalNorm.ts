import { numpy as np } from "@jax-js/jax";

import type { StatelessTransform } from "../core/transform.ts";
import { disposeTree, mapLeaves, namedLeaves, refTree, type Tree } from "../core/tree.ts";
import { identity } from "./identity.ts";

/**
 * The Euclidean norm of all leaves together, a float32 scalar. Consumes the tree.
 */
export function globalNorm(updates: Tree): np.Array {
  const squares = namedLeaves(updates).map(([, leaf]) => np.sum(np.square(leaf)));
  const total = squares.reduce((sum, square) => sum.add(square));
  return np.sqrt(total);
}

/**
 * updates · min(1, maxNorm / ‖updates‖₂), the norm taken over all parameters together. Infinity never clips.
 *
 * Squares are summed in units of 2⁴⁰ · maxNorm, so that norms up to 1e31 · maxNorm are clipped instead of overflowing; longer
 * updates become 0. Entries below 1e-7 · maxNorm may underflow, where they do not decide.
 * Source: Pascanu, Mikolov & Bengio 2013, arXiv:1211.5063. Zero stays zero.
 */
export function clipByGlobalNorm(maxNorm: number): StatelessTransform {
  if (typeof maxNorm !== "number" || !(maxNorm > 0))
    throw new RangeError(`clipByGlobalNorm: the largest norm must be > 0, got ${maxNorm}`);
  if (maxNorm === Number.POSITIVE_INFINITY) return identity();
  // A power of two changes no digit, and 2¹²⁰ is in float32's range.
  const scale = 2 ** Math.min(-40 - Math.round(Math.log2(maxNorm)), 120);
  return {
    init(params) {
      disposeTree(params);
      return {};
    },
    update(updates, state, params) {
      disposeTree(params);
      if (namedLeaves(updates).length === 0) return [updates, state];
      const norm = globalNorm(mapLeaves((u) => u.mul(scale), refTree(updates)));
      const factor = np.minimum(np.reciprocal(np.maximum(norm, 1e-30)).mul(maxNorm * scale), 1);
      const clipped = mapLeaves((u) => u.mul(factor.ref), updates);
      factor.dispose();
      return [clipped, state];
    },
  };
}
