import { numpy as np } from "@jax-js/jax";

import { spectralPower } from "../matrix/inverseRoot.ts";
import { kroneckerProduct } from "./kroneckerProduct.ts";
import { corrected, type Power, type Structure, statistic } from "./structure.ts";

export interface RowCovarianceOptions {
  /** Default −1/2. */
  readonly power?: Power;
  /** Added to the eigenvalues of M. Default 0: null directions get a zero step. */
  readonly eps?: number;
}

/**
 * F̃ = I ⊗ M, M = E[GGᵀ]/n, the exact minimiser: all columns share one covariance. State 2m² (M and its root).
 *
 *   X ↦ (M + eps·I)^power X
 *
 * With one sample and power −1/2 it is √n times the polar factor: whitening, the step of Muon and SWAN.
 */
export function rowCovariance({ power = -0.5, eps = 0 }: RowCovarianceOptions = {}): Structure {
  return {
    name: "rowCovariance",
    family: "I ⊗ M",
    power,
    init: (rows) => ({ covariance: np.zeros([rows, rows]), root: np.zeros([rows, rows]) }),
    observe: (statistics, gradient, mix) => ({
      ...statistics,
      covariance: mix(
        statistic(statistics, "covariance"),
        np.matmul(gradient.ref, np.matrixTranspose(gradient.ref)).div(columns(gradient)),
      ),
    }),
    refresh(statistics, { correction }) {
      statistic(statistics, "root").dispose();
      const covariance = statistic(statistics, "covariance");
      const root = spectralPower("rowCovariance", corrected(covariance.ref, correction), power, eps);
      return { covariance, root };
    },
    precondition: (statistics, x) => np.matmul(statistic(statistics, "root").ref, x),
    dense: (statistics, _rows, cols, correction) =>
      kroneckerProduct(np.eye(cols), corrected(statistic(statistics, "covariance").ref, correction)),
  };
}

/** The number of columns. Consumes x. */
function columns(x: np.Array): number {
  const [, cols = 1] = x.shape;
  x.dispose();
  return cols;
}
