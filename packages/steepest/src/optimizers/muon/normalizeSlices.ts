import { numpy as np } from "@jax-js/jax";

import type { StatelessTransform } from "../../core/transform.ts";
import { mapMatrices } from "../../transforms/mapMatrices.ts";

/** Which slices of a matrix are brought to unit length, in this order. */
export const slicesChoices = ["none", "col", "row", "col_row", "row_col"] as const;
export type Slices = (typeof slicesChoices)[number];

/**
 * Rows or columns, or one after the other, divided by √(Σx² + eps), eps inside the root (default 1e-7).
 * Source: Zhang et al. 2026, arXiv:2602.21545 (Muon+).
 */
export function normalizeSlices(slices: Slices, { eps = 1e-7 }: { eps?: number } = {}): StatelessTransform {
  const axes = slices === "none" ? [] : slices.split("_").map((side) => (side === "row" ? -1 : -2));
  return mapMatrices("normalizeSlices", (x) =>
    axes.reduce((matrix, axis) => {
      const squares = np.sum(np.square(matrix.ref), axis, { keepdims: true });
      return matrix.div(np.sqrt(squares.add(eps)));
    }, x),
  );
}
