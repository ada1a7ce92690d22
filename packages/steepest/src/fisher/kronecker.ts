import { numpy as np } from "@jax-js/jax";
import { coupledNewton } from "../matrix/coupledNewton.ts";
import { spectralPower } from "../matrix/inverseRoot.ts";
import { kroneckerProduct } from "./kroneckerProduct.ts";
import { corrected, type Power, type Structure } from "./structure.ts";

export interface KroneckerOptions {
  /** Default −1/2: L^(−1/4) X R^(−1/4). */
  readonly power?: Power;
  /** Added to the eigenvalues of L and R before the roots. Default 0. */
  readonly eps?: number;
  /** Value that L and R start from, times the identity. Default 0. */
  readonly initial?: number;
  /** Sides longer than this have no factor. Default none. */
  readonly maxDim?: number;
  /** What either factor is raised to. Default power/2, and power for a vector, which has one factor. */
  readonly exponent?: number;
  /** How roots are found: exactly, or by matrix products alone (only for −1/p, p whole). Default "eigen". */
  readonly roots?: "eigen" | "coupledNewton";
}

/** L and its root, [m, m], R and its root, [n, n]; a side without a factor has neither. */
export type KroneckerStatistics = {
  left?: np.Array;
  leftRoot?: np.Array;
  right?: np.Array;
  rightRoot?: np.Array;
};

/**
 * F̃ = R^(1/2) ⊗ L^(1/2), L = E[GGᵀ], R = E[GᵀG], which minimises an upper bound of ‖F̃ − F‖: Shampoo.
 * State 2m² + 2n², statistics and roots; a side longer than `maxDim` has neither, and the other keeps its exponent.
 *
 *   X ↦ L^(power/2) X R^(power/2)
 *
 * A vector [m, 1] is one full m × m factor with L^power. Source: Gupta, Koren & Singer 2018, arXiv:1802.09568.
 */
export function kronecker(options: KroneckerOptions = {}): Structure<KroneckerStatistics> {
  const { power = -0.5, eps = 0, initial = 0, maxDim = Number.POSITIVE_INFINITY, roots = "eigen" } = options;
  const rootOf = (covariance: np.Array, exponent: number): np.Array => {
    if (roots === "eigen") return spectralPower("kronecker", covariance, exponent, eps);
    return coupledNewton(covariance, Math.round(-1 / exponent), { eps });
  };
  const start = (side: number): np.Array => identity(side).mul(initial);
  return {
    name: "kronecker",
    family: "R^(1/2) ⊗ L^(1/2)",
    power,
    init(rows, cols) {
      const left = rows <= maxDim ? { left: start(rows), leftRoot: identity(rows) } : {};
      const right = cols <= maxDim && cols > 1 ? { right: start(cols), rightRoot: identity(cols) } : {};
      return { ...left, ...right };
    },
    observe(statistics, gradient, mix) {
      const next = { ...statistics };
      const transposed = np.matrixTranspose(gradient.ref);
      const { left, right } = statistics;
      if (left !== undefined) next.left = mix(left, np.matmul(gradient.ref, transposed.ref));
      if (right !== undefined) next.right = mix(right, np.matmul(transposed.ref, gradient.ref));
      gradient.dispose();
      transposed.dispose();
      return next;
    },
    refresh(statistics, { cols, correction }) {
      const next = { ...statistics };
      const { left, leftRoot, right, rightRoot } = statistics;
      const exponent = options.exponent ?? (cols === 1 ? power : power / 2);
      leftRoot?.dispose();
      rightRoot?.dispose();
      if (left !== undefined) next.leftRoot = rootOf(corrected(left.ref, correction), exponent);
      if (right !== undefined) next.rightRoot = rootOf(corrected(right.ref, correction), exponent);
      return next;
    },
    precondition({ leftRoot, rightRoot }, x) {
      const half = leftRoot === undefined ? x : np.matmul(leftRoot.ref, x);
      return rightRoot === undefined ? half : np.matmul(half, rightRoot.ref);
    },
    dense({ left, right }, rows, cols, correction) {
      const exponent = cols === 1 ? 1 : 0.5;
      const factor = (covariance: np.Array | undefined, side: number): np.Array =>
        covariance === undefined
          ? np.eye(side)
          : spectralPower("kronecker", corrected(covariance.ref, correction), exponent);
      return kroneckerProduct(factor(right, cols), factor(left, rows));
    },
  };
}

const identity = (side: number): np.Array => np.eye(side, side, { dtype: np.float32 });
