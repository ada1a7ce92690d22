import { numpy as np } from "@jax-js/jax";

import { scaleByLargest } from "../matrix/normalization.ts";
import { diagonalMatrix } from "./diagonal.ts";
import { corrected, type Power, type Structure } from "./structure.ts";

export interface DiagonalKroneckerOptions {
  /** Default −1/2. */
  readonly power?: Power;
  /** Added to q sᵀ under the root. Default 1e-30: zero rows and columns get a zero step. */
  readonly eps?: number;
  /** Passes of the fixed point. Default 5. */
  readonly steps?: number;
}

/** q [m, 1] and s [1, n]. */
export type RankOneFit = { row: np.Array; column: np.Array };

/**
 * F̃ = S ⊗ Q, both positive and diagonal, E[G²] ≈ q sᵀ: the best rank-one fit, by `steps` passes of power iteration
 *
 *   P = G²,  q = 1;   ŝ = Pᵀq/(qᵀq),  q̂ = Pŝ/(ŝᵀŝ)          X ↦ X / √(q sᵀ + eps)
 *
 * on every gradient, whose results are averaged. State m + n. RACS.
 * Source: Gong et al. 2025, arXiv:2502.07752, Proposition 3.
 */
export function diagonalKronecker({
  power = -0.5,
  eps = 1e-30,
  steps = 5,
}: DiagonalKroneckerOptions = {}): Structure<RankOneFit> {
  return {
    name: "diagonalKronecker",
    family: "S ⊗ Q, both diagonal",
    power,
    init: (rows, cols) => ({ row: np.zeros([rows, 1]), column: np.zeros([1, cols]) }),
    observe(past, gradient, mix) {
      // Squared in units of the largest entry: squares of 1e-20 would underflow, and of 1e20 make NaN of zero rows.
      const { scaled, scale } = scaleByLargest(gradient);
      const { row, column } = rankOneFit(np.square(scaled), steps);
      const back = row.ref.mul(scale.ref).mul(scale);
      return {
        row: mix(past.row, np.where(row.greater(0), back, 0)),
        column: mix(past.column, column),
      };
    },
    precondition({ row, column }, x, correction) {
      // Roots apart: the product of two small scales may underflow where each root does not.
      const root = (factor: np.Array): np.Array =>
        np.sqrt(corrected(factor.ref, correction).add(power === -1 ? 0 : eps));
      const scale = root(row).mul(root(column));
      if (power === -1) return x.div(np.square(scale).add(eps));
      return x.div(scale);
    },
    dense: ({ row, column }, _rows, _cols, correction) =>
      diagonalMatrix(corrected(row.ref, correction).mul(corrected(column.ref, correction))),
  };
}

/** q [m, 1] and s [1, n] with q sᵀ ≈ p, p ≥ 0. Zero for zero. Consumes p. */
export function rankOneFit(p: np.Array, steps: number): RankOneFit {
  const [rows = 1] = p.shape;
  // By the largest entry, so that squares of squares stay in range; it goes back into the row.
  const largest = np.max(p.ref);
  const size = np.where(largest.ref.greater(0), largest, 1);
  const scaled = p.div(size.ref);
  const over = (a: np.Array, b: np.Array): np.Array => a.div(np.where(b.ref.greater(0), b, 1));
  let row: np.Array = np.ones([rows, 1]);
  let column: np.Array = over(np.sum(scaled.ref, 0, { keepdims: true }), np.sum(row.ref));
  for (let step = 0; step < steps; step++) {
    if (step > 0) {
      const images = np.sum(scaled.ref.mul(row.ref), 0, { keepdims: true });
      column.dispose();
      column = over(images, np.sum(np.square(row.ref)));
    }
    const images = np.sum(scaled.ref.mul(column.ref), 1, { keepdims: true });
    row.dispose();
    row = over(images, np.sum(np.square(column.ref)));
  }
  scaled.dispose();
  return { row: row.mul(size), column };
}
