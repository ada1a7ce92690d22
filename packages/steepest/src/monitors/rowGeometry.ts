import { largestSingularValue } from "./largestSingularValue.ts";

export interface RowGeometry {
  /** maxᵢ ‖wᵢ‖, the longest row. */
  readonly magnitude: number;
  /** ‖V̂‖₂ of the rows at unit length: 1 where they are orthogonal, √m where all are alike. */
  readonly coherence: number;
}

/**
 * The two factors of a weight's spectral norm, W [m, n] = diag(‖wᵢ‖) V̂, from its entries, row by row: ‖W‖₂ ≤ magnitude · coherence,
 * with max(1, √(m/n)) ≤ coherence ≤ √m. Rows of zeros stay zero. Cost: about 100mn operations, outside the graph. Source: Muown,
 * whose row magnitudes and directions these are.
 */
export function rowGeometry(
  entries: ArrayLike<number>,
  [rows, cols]: readonly [rows: number, cols: number],
): RowGeometry {
  const directions = new Float64Array(rows * cols);
  let magnitude = 0;
  for (let i = 0; i < rows; i++) {
    let square = 0;
    for (let j = 0; j < cols; j++) square += (entries[i * cols + j] ?? 0) ** 2;
    const length = Math.sqrt(square);
    magnitude = Math.max(magnitude, length);
    if (length > 0)
      for (let j = 0; j < cols; j++) directions[i * cols + j] = (entries[i * cols + j] ?? 0) / length;
  }
  return { magnitude, coherence: largestSingularValue(directions, [rows, cols]) };
}
