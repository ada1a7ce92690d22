import { numpy as np } from "@jax-js/jax";

import { spectralPower } from "../matrix/inverseRoot.ts";
import { kroneckerProduct } from "./kroneckerProduct.ts";
import { corrected, type Power, type Structure } from "./structure.ts";

export interface RowCovarianceOptions {
  /** Default −1/2. */
  readonly power?: Power;
  /** Added to the eigenvalues of M. Default 0: null directions get a zero step. */
  readonly eps?: number;
}

/** M and M^power, [m, m]. */
export type RowCovarianceStatistics = { covariance: np.Array; root: np.Array };

/**
 * F̃ = I ⊗ M, M = E[GGᵀ]/n, the exact minimiser: all columns share one covariance. State 2m² (M and its root).
 *
 *   X ↦ (M + eps·I)^power X
 *
 * With one sample and power −1/2 it is √n times the polar factor: whitening, the step of Muon and SWAN.
 */
export function rowCovariance({
  power = -0.5,
  eps = 0,
}: RowCovarianceOptions = {}): Structure<RowCovarianceStatistics> {
  return {
    name: "rowCovariance",
    family: "I ⊗ M",
    power,
    init: (rows) => ({ covariance: np.zeros([rows, rows]), root: np.zeros([rows, rows]) }),
    observe: ({ covariance, root }, gradient, mix) => ({
      covariance: mix(
        covariance,
        np.matmul(gradient.ref, np.matrixTranspose(gradient.ref)).div(columns(gradient)),
      ),
      root,
    }),
    refresh({ covariance, root: old }, { correction }) {
      old.dispose();
      const root = spectralPower("rowCovariance", corrected(covariance.ref, correction), power, eps);
      return { covariance, root };
    },
    precondition: ({ root }, x) => np.matmul(root.ref, x),
    dense: ({ covariance }, _rows, cols, correction) =>
      kroneckerProduct(np.eye(cols), corrected(covariance.ref, correction)),
  };
}

/** The number of columns. Consumes x. */
function columns(x: np.Array): number {
  const [, cols = 1] = x.shape;
  x.dispose();
  return cols;
}
