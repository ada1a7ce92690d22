import { numpy as np } from "@jax-js/jax";
import { symmetricEigen } from "../matrix/symmetricEigen.ts";
import { kroneckerProduct } from "./kroneckerProduct.ts";

/** A [n, n] and B [m, m], their eigenvectors, and their eigenvalues [1, n] and [m, 1]. */
export type KroneckerInverseStatistics = {
  inputs: np.Array;
  outputs: np.Array;
  inputBasis: np.Array;
  outputBasis: np.Array;
  inputValues: np.Array;
  outputValues: np.Array;
};

/**
 * F̃ = A ⊗ B of a linear layer y = Wa (+ b), A = E[aaᵀ], B = E[δδᵀ]: K-FAC. Unlike the other structures it is not
 * estimated from gradients of W but from the layer's inputs a and output gradients δ.
 *
 *   inverse(X) = Mat((A ⊗ B + γI)⁻¹ vec(X)) = Q_B [ (Q_BᵀXQ_A) / (d_B d_Aᵀ + γ) ] Q_Aᵀ
 *
 * Arrays: `inputs` A [n, n], `outputs` B [m, m], and their eigenvectors and eigenvalues.
 * Source: Martens & Grosse 2015, arXiv:1503.05671; eigen form as in gpauloski/kfac-pytorch.
 */
export const kroneckerInverse = {
  name: "kroneckerInverse",
  family: "A ⊗ B",
  power: -1,

  /** Both factors start at `initial` times the identity. */
  init(rows: number, cols: number, initial: number): KroneckerInverseStatistics {
    return {
      inputs: np.eye(cols).mul(initial),
      outputs: np.eye(rows).mul(initial),
      inputBasis: np.eye(cols),
      outputBasis: np.eye(rows),
      inputValues: np.ones([1, cols]).mul(initial),
      outputValues: np.ones([rows, 1]).mul(initial),
    };
  },

  /** Eigenvectors and eigenvalues (negative ones, rounding, count as 0) of both factors. Consumes the statistics. */
  refresh(
    { inputs, outputs, ...old }: KroneckerInverseStatistics,
    correction?: np.Array,
  ): KroneckerInverseStatistics {
    for (const array of Object.values(old)) array.dispose();
    const eigen = (a: np.Array) =>
      symmetricEigen(correction === undefined ? a.ref : a.ref.div(correction.ref));
    const a = eigen(inputs);
    const b = eigen(outputs);
    return {
      inputs,
      outputs,
      inputBasis: a.vectors,
      outputBasis: b.vectors,
      inputValues: np.maximum(a.values, 0).reshape([1, -1]),
      outputValues: np.maximum(b.values, 0).reshape([-1, 1]),
    };
  },

  /** Mat((A ⊗ B + γI)⁻¹ vec(X)) by the last refresh. Consumes x, borrows the statistics. */
  inverse(statistics: KroneckerInverseStatistics, x: np.Array, damping: number): np.Array {
    const qa = statistics.inputBasis;
    const qb = statistics.outputBasis;
    const grid = statistics.outputValues.ref.mul(statistics.inputValues.ref).add(damping);
    const rotated = np.matmul(np.matmul(np.matrixTranspose(qb.ref), x), qa.ref).div(grid);
    return np.matmul(np.matmul(qb.ref, rotated), np.matrixTranspose(qa.ref));
  },

  /**
   * B_γ⁻¹ X A_γ⁻¹ with the damping shared out over the factors, as in the first paper: A_γ = A + π√γ I, B_γ = B + √γ/π I,
   * π² = (tr A/n) / (tr B/m); π = 1 where a trace is 0. Consumes x, borrows the statistics.
   */
  inverseFactored(statistics: KroneckerInverseStatistics, x: np.Array, damping: number): np.Array {
    const qa = statistics.inputBasis;
    const qb = statistics.outputBasis;
    const da = statistics.inputValues;
    const db = statistics.outputValues;
    const [a, b] = [np.mean(da.ref), np.mean(db.ref)];
    const known = np.minimum(a.ref, b.ref).greater(0);
    const pi = np.where(known.ref, np.sqrt(a.div(np.where(known, b, 1))), 1);
    const root = Math.sqrt(damping);
    const grid = db.ref.add(np.reciprocal(pi.ref).mul(root)).mul(da.ref.add(pi.mul(root)));
    const rotated = np.matmul(np.matmul(np.matrixTranspose(qb.ref), x), qa.ref).div(grid);
    return np.matmul(np.matmul(qb.ref, rotated), np.matrixTranspose(qa.ref));
  },

  /** A ⊗ B, [mn, mn]. Borrows. */
  dense: (statistics: KroneckerInverseStatistics): np.Array =>
    kroneckerProduct(statistics.inputs.ref, statistics.outputs.ref),
} as const;
