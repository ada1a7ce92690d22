import {
  type RotatedDiagonalOptions,
  type RotatedStatistics,
  rotatedDiagonal,
  type Sides,
} from "./rotatedDiagonal.ts";
import type { Structure } from "./structure.ts";

/** The shorter side, the left one of a square matrix. */
export const shorterSide: Sides = (rows, cols) => ({ left: rows <= cols, right: rows > cols });

/**
 * F̃ = blockdiag(U D₁ Uᵀ, …, U Dₙ Uᵀ): every column has its own curvatures along shared eigenvectors U of E[GGᵀ].
 * A rotated diagonal with one side, by default the shorter one; the right side reads the same for rows.
 * State mn + 2k², k the rotated side. With U = I it is the diagonal: Adam. Eigen-Adam, AdaDiag, one-sided SOAP.
 * Source: Gong et al. 2025, arXiv:2502.07752.
 */
export function sharedEigenspace(options: RotatedDiagonalOptions = {}): Structure<RotatedStatistics> {
  return {
    ...rotatedDiagonal({ sides: shorterSide, ...options }),
    name: "sharedEigenspace",
    family: "blockdiag(U D₁ Uᵀ, …, U Dₙ Uᵀ)",
  };
}
