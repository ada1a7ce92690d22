import { matrixSides } from "../core/parameters/matrixSides.ts";
import type { StatelessTransform } from "../core/transform.ts";
import { mapUpdates } from "./scale.ts";

/**
 * What a semi-orthogonal update of A × B is multiplied with. rows A = dOut, columns B = dIn.
 *
 * - `shape`      √max(1, A/B)      Jordan et al. 2024: spectral norm η on wide weights
 * - `moonlight`  0.2 √max(A, B)    Liu et al. 2025, arXiv:2502.16982: root mean square 0.2 η, as AdamW's
 * - `spectral`   √max(A, B)        Emerging-Optimizers: root mean square η
 * - `rms`        √(A/B)            Bernstein 2025: RMS→RMS operator norm η for all shapes
 * - `none`       1
 */
export const shapeScales = {
  shape: (rows: number, cols: number) => Math.sqrt(Math.max(1, rows / cols)),
  moonlight: (rows: number, cols: number) => 0.2 * Math.sqrt(Math.max(rows, cols)),
  spectral: (rows: number, cols: number) => Math.sqrt(Math.max(rows, cols)),
  rms: (rows: number, cols: number) => Math.sqrt(rows / cols),
  none: () => 1,
} as const satisfies Record<string, (rows: number, cols: number) => number>;

export type ShapeScale = keyof typeof shapeScales;

export const shapeScaleNames = Object.keys(shapeScales) as ShapeScale[];

/** Every update times the factor of its shape; weights of rank above 2 count as [d0, rest]. */
export function scaleByShape(scale: ShapeScale): StatelessTransform {
  return mapUpdates((u) => u.mul(shapeScales[scale](...matrixSides(u.shape))));
}
