import "../polyfill.ts";

export { type ColumnBlockOptions, columnBlock } from "./columnBlock.ts";
export { type DiagonalOptions, diagonal } from "./diagonal.ts";
export { type DiagonalKroneckerOptions, diagonalKronecker, type RankOneFit } from "./diagonalKronecker.ts";
export { type KroneckerOptions, type KroneckerStatistics, kronecker } from "./kronecker.ts";
export { type KroneckerInverseStatistics, kroneckerInverse } from "./kroneckerInverse.ts";
export {
  type Bases,
  type RotatedDiagonalOptions,
  type RotatedStatistics,
  rotatedDiagonal,
  type Sides,
} from "./rotatedDiagonal.ts";
export { type RowCovarianceOptions, type RowCovarianceStatistics, rowCovariance } from "./rowCovariance.ts";
export { sharedEigenspace, shorterSide } from "./sharedEigenspace.ts";
export type { Mix, Power, RefreshContext, Structure } from "./structure.ts";
