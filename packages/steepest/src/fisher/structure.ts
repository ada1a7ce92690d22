import type { numpy as np } from "@jax-js/jax";

import type { Tree } from "../core/tree.ts";

/** How a statistic takes in one more sample: an average, or a sum. Consumes both. */
export type Mix = (past: np.Array, sample: np.Array) => np.Array;

/** −1/2 whitens, −1 is the natural gradient. */
export type Power = -0.5 | -1;

/** What a structure is told when it recomputes its roots or bases. */
export interface RefreshContext {
  readonly rows: number;
  readonly cols: number;
  /** 1 − b2^t where statistics are averages to be divided by it. Borrowed. */
  readonly correction?: np.Array | undefined;
  /** A matrix whose singular vectors are the basis, for structures without statistics of their own. Borrowed. */
  readonly source?: np.Array | undefined;
  /** Eigenvectors from scratch, or one power iteration from the last ones. Default "eigen". */
  readonly method?: "eigen" | "power";
}

/**
 * What the Fisher matrix F = E[vec(G) vec(G)ᵀ] of an m × n weight is assumed to look like, vec stacking columns: to the Fisher family
 * what a norm is to the norm-constrained one. A structure keeps statistics of gradients and applies a power of the
 * member F̃ of its family that they select:
 *
 *   precondition(X) = Mat(F̃^power vec(X))        dense = F̃, mn × mn
 *
 * In a step: `observe` the gradient, `refresh` now and then, `measure` the gradient in the refreshed basis, and
 * `precondition` (SOAP has an order of its own). S is exactly what a structure keeps, arrays of [m, n] and smaller.
 * `observe`, `refresh` and `measure` consume the statistics; `precondition` and `dense` borrow them.
 * Source of the frame: Gong et al. 2025, arXiv:2502.07752.
 */
export interface Structure<S extends Tree = Tree> {
  readonly name: string;
  /** The family, as a formula. */
  readonly family: string;
  readonly power: Power;
  /** Statistics before any gradient. */
  init(rows: number, cols: number): S;
  observe(statistics: S, gradient: np.Array, mix: Mix): S;
  refresh?(statistics: S, context: RefreshContext): S;
  measure?(statistics: S, gradient: np.Array, mix: Mix): S;
  /** Consumes x. `correction`, borrowed, is 1 − b2^t for averages. */
  precondition(statistics: S, x: np.Array, correction?: np.Array): np.Array;
  dense(statistics: S, rows: number, cols: number, correction?: np.Array): np.Array;
}

/** x / correction, or x. Consumes x, borrows the correction. */
export function corrected(x: np.Array, correction: np.Array | undefined): np.Array {
  return correction === undefined ? x : x.div(correction.ref);
}
