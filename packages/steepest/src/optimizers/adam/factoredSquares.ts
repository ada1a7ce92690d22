import { numpy as np } from "@jax-js/jax";

import { matrixSides } from "../../core/parameters/matrixSides.ts";
import type { Transform } from "../../core/transform.ts";
import { countAsFloat } from "../../transforms/count.ts";
import { divisor } from "../../transforms/divisor.ts";
import { type PerParameterState, perParameter } from "../../transforms/perParameter.ts";

export interface FactoredSquaresOptions {
  /** The weight of the past at step t is 1 − t^(−decayRate), 0 at the first step. Default 0.8. */
  readonly decayRate?: number;
  /** Added to the squared gradient. Default 1e-30. */
  readonly eps?: number;
  /** Matrices with both sides at least this are factored. Default 128. */
  readonly minDimSizeToFactor?: number;
}

/** Row means [m, 1] and column means [1, n], or V itself in the weight's shape where it is not factored. */
export type FactoredSquaresState = { square: np.Array } | { row: np.Array; column: np.Array };

/**
 * g / √V with V the average of g² + eps, kept for a matrix by its row means r and column means c only:
 *
 *   V = r cᵀ / mean(r)
 *
 * the rank-one matrix nearest in generalised Kullback-Leibler divergence, exact where g² has rank one. State m + n
 * for factored matrices (rank above 2 seen as [d0, rest]), else mn.
 * Source: Shazeer & Stern 2018, arXiv:1804.04235.
 */
export function factoredSquares(
  options: FactoredSquaresOptions = {},
): Transform<PerParameterState<FactoredSquaresState>> {
  const { decayRate = 0.8, eps = 1e-30, minDimSizeToFactor = 128 } = options;
  const factors = (shape: readonly number[]): boolean =>
    shape.length >= 2 && Math.min(...matrixSides(shape)) >= minDimSizeToFactor;
  // V is at least eps.
  const safe = (size: np.Array): np.Array => (eps > 0 ? size : divisor(size, 0));
  return perParameter<FactoredSquaresState>({
    name: "factoredSquares",
    init(weight) {
      const { shape } = weight;
      if (!factors(shape)) return { square: np.zerosLike(weight) };
      weight.dispose();
      const [rows, cols] = matrixSides(shape);
      return { row: np.zeros([rows, 1]), column: np.zeros([1, cols]) };
    },
    update(gradient, state, weight, { t }) {
      weight.dispose();
      const fresh = np.exp(np.log(countAsFloat(t.ref)).mul(-decayRate));
      const mix = (past: np.Array, value: np.Array): np.Array =>
        past.mul(np.subtract(1, fresh.ref)).add(value.mul(fresh.ref));
      const { shape } = gradient;
      const squares = np.square(gradient.ref).add(eps);
      if ("square" in state) {
        const next = mix(state.square, squares);
        fresh.dispose();
        return [gradient.div(safe(np.sqrt(next.ref))), { square: next }];
      }
      const matrix = squares.reshape(matrixSides(shape));
      const r = mix(state.row, np.mean(matrix.ref, 1, { keepdims: true }));
      const c = mix(state.column, np.mean(matrix, 0, { keepdims: true }));
      fresh.dispose();
      // √r · √c apart: their product may underflow where each root does not.
      const scale = np.sqrt(r.ref.div(safe(np.mean(r.ref)))).mul(np.sqrt(c.ref));
      return [gradient.div(safe(scale).reshape(shape)), { row: r, column: c }];
    },
    estimate: (_state, gradient) => gradient.ref,
  });
}
