import { numpy as np } from "@jax-js/jax";
import { refreshEigenvectors } from "../matrix/refreshEigenvectors.ts";
import { symmetricEigen } from "../matrix/symmetricEigen.ts";
import { diagonalMatrix, scaleOf } from "./diagonal.ts";
import { kroneckerProduct } from "./kroneckerProduct.ts";
import { singularGram } from "./singularGram.ts";
import { corrected, type Power, type RefreshContext, type Structure } from "./structure.ts";

/** Which sides of an m × n weight are rotated. */
export type Sides = (rows: number, cols: number) => { readonly left: boolean; readonly right: boolean };

export interface RotatedDiagonalOptions {
  /** Default −1/2. */
  readonly power?: Power;
  /** Added to √v, or to v for the power −1. Default 0. */
  readonly eps?: number;
  /** Default both. */
  readonly sides?: Sides;
  /**
   * Keep averages L and R of GGᵀ and GᵀG, whose eigenvectors are the bases. Without, every refresh takes the singular
   * vectors of the matrix it is given, and the state has no L and R. Default true.
   */
  readonly tracked?: boolean;
  /**
   * Rotated entries below this share of the largest of their vector (of the matrix where both sides are rotated) count as 0,
   * and what has no curvature has no step. In the singular bases of a gradient itself all of it is on the diagonal, and what
   * rounding leaves beside would be divided by its own size: X and v round apart, so to anything. Default 1e-6.
   */
  readonly flushBelow?: number;
}

/** U_L [m, m] and U_R [n, n]; a side without one is not rotated. */
export type Bases = { leftBasis?: np.Array; rightBasis?: np.Array };

/** v [m, n], the bases, and where they are tracked L and R. */
export type RotatedStatistics = Bases & { square: np.Array; left?: np.Array; right?: np.Array };

const both: Sides = () => ({ left: true, right: true });

/**
 * F̃ = (U_R ⊗ U_L) Diag(v) (U_R ⊗ U_L)ᵀ, v = E[(U_LᵀGU_R)²]: Adam in a rotated space; SOAP, AdaDiag++, and with one side
 * Eigen-Adam, AdaDiag, Conda. For given bases v is the exact minimiser.
 *
 *   X ↦ U_L ( U_LᵀXU_R / (√v + eps) ) U_Rᵀ
 *
 * State mn + 2m² + 2n², without `tracked` mn + m² + n²; a side that is not rotated has neither. A refresh by
 * power iteration also permutes v as it permutes the basis; nothing ever rotates v.
 * Sources: Vyas et al. 2024, arXiv:2409.11321; Gong et al. 2025, arXiv:2502.07752.
 */
export function rotatedDiagonal(options: RotatedDiagonalOptions = {}): Structure<RotatedStatistics> {
  const { power = -0.5, eps = 0, sides = both, tracked = true, flushBelow = 1e-6 } = options;
  const turn = (bases: Bases, x: np.Array): np.Array => {
    const y = rotate(bases, x);
    const { leftBasis, rightBasis } = bases;
    if (flushBelow === 0 || (leftBasis === undefined && rightBasis === undefined)) return y;
    const size = np.abs(y.ref);
    // Rounding of a sum is small beside its terms, which are those of one column where only rows are mixed.
    const along = rightBasis === undefined ? 0 : leftBasis === undefined ? 1 : [0, 1];
    const largest = np.max(size.ref, along, { keepdims: true });
    return np.where(size.less(largest.mul(flushBelow)), 0, y);
  };
  return {
    name: "rotatedDiagonal",
    family: "(U_R ⊗ U_L) Diag(v) (U_R ⊗ U_L)ᵀ",
    power,
    init(rows, cols) {
      const { left, right } = sides(rows, cols);
      return {
        square: np.zeros([rows, cols]),
        ...(left ? { leftBasis: np.eye(rows) } : {}),
        ...(right ? { rightBasis: np.eye(cols) } : {}),
        ...(left && tracked ? { left: np.zeros([rows, rows]) } : {}),
        ...(right && tracked ? { right: np.zeros([cols, cols]) } : {}),
      };
    },
    observe(statistics, gradient, mix) {
      const { left, right } = statistics;
      const transposed = np.matrixTranspose(gradient.ref);
      const next = { ...statistics };
      if (left !== undefined) next.left = mix(left, np.matmul(gradient.ref, transposed.ref));
      if (right !== undefined) next.right = mix(right, np.matmul(transposed.ref, gradient.ref));
      gradient.dispose();
      transposed.dispose();
      return next;
    },
    refresh: (statistics, context) => refreshSide(refreshSide(statistics, context, "left"), context, "right"),
    measure: (statistics, gradient, mix) => ({
      ...statistics,
      square: mix(statistics.square, np.square(turn(statistics, gradient))),
    }),
    precondition(statistics, x, correction) {
      const { square, leftBasis, rightBasis } = statistics;
      const step = turn(statistics, x).div(scaleOf(square, correction, power, eps));
      if (leftBasis === undefined && rightBasis === undefined) return step;
      return unrotate(statistics, np.where(square.ref.greater(0), step, 0));
    },
    dense({ leftBasis, rightBasis, square }, rows, cols, correction) {
      const rotation = kroneckerProduct(rightBasis?.ref ?? np.eye(cols), leftBasis?.ref ?? np.eye(rows));
      const middle = diagonalMatrix(corrected(square.ref, correction));
      return np.matmul(np.matmul(rotation.ref, middle), np.matrixTranspose(rotation));
    },
  };
}

/** U_LᵀXU_R. Consumes x, borrows the bases. */
export function rotate({ leftBasis, rightBasis }: Bases, x: np.Array): np.Array {
  const half = leftBasis === undefined ? x : np.matmul(np.matrixTranspose(leftBasis.ref), x);
  return rightBasis === undefined ? half : np.matmul(half, rightBasis.ref);
}

/** U_LYU_Rᵀ. Consumes y, borrows the bases. */
export function unrotate({ leftBasis, rightBasis }: Bases, y: np.Array): np.Array {
  const half = leftBasis === undefined ? y : np.matmul(leftBasis.ref, y);
  return rightBasis === undefined ? half : np.matmul(half, np.matrixTranspose(rightBasis.ref));
}

/** New eigenvectors for one side, if it has a basis. Consumes the statistics. */
function refreshSide(
  statistics: RotatedStatistics,
  { source, method }: RefreshContext,
  side: "left" | "right",
): RotatedStatistics {
  const name = side === "left" ? "leftBasis" : "rightBasis";
  const old = statistics[name];
  if (old === undefined) return statistics;
  const covariance = statistics[side]?.ref ?? gram(source, side);
  if (method !== "power") {
    old.dispose();
    const { vectors, values } = symmetricEigen(covariance);
    values.dispose();
    return { ...statistics, [name]: vectors.astype(np.float32) };
  }
  const { basis, order } = refreshEigenvectors(covariance, old);
  const { square } = statistics;
  const { shape } = square;
  const axis = side === "left" ? 0 : 1;
  const indices = np.broadcastTo(order.reshape(axis === 0 ? [-1, 1] : [1, -1]), shape);
  return { ...statistics, [name]: basis, square: np.takeAlongAxis(square, indices, axis) };
}

function gram(source: np.Array | undefined, side: "left" | "right"): np.Array {
  if (source === undefined)
    throw new Error("rotatedDiagonal: an untracked structure needs a source matrix to refresh from");
  return singularGram(source.ref, side);
}
