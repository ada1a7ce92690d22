import { numpy as np } from "@jax-js/jax";
import { matrixSides } from "../../core/parameters/matrixSides.ts";
import type { StatelessTransform } from "../../core/transform.ts";
import { length } from "../../matrix/reduce.ts";
import { mapWithWeights } from "../../transforms/mapWithWeights.ts";

/**
 * Puts weights to Frobenius norm √rows before the update is added: emits u + (√rows/‖W‖_F − 1)·W. The last
 * stage of a chain. Rows then have RMS length one; a zero weight stays. Source: Jordan 2024, airbench94_muon.
 */
export function resizeWeights(): StatelessTransform {
  return mapWithWeights((u, w) => {
    const [rows] = matrixSides(w.shape);
    const size = length(w.ref);
    const factor = np.where(size.ref.greater(0), np.reciprocal(size).mul(Math.sqrt(rows)), 1);
    return u.add(w.mul(factor.sub(1)));
  });
}
