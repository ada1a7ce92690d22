import "../polyfill.ts";

export { type ColumnBlockOptions, columnBlock } from "./columnBlock.ts";
export { type DiagonalOptions, diagonal } from "./diagonal.ts";
export { type DiagonalKroneckerOptions, diagonalKronecker } from "./diagonalKronecker.ts";
export { type KroneckerOptions, kronecker } from "./kronecker.ts";
export { kroneckerInverse } from "./kroneckerInverse.ts";
export { type RotatedDiagonalOptions, rotatedDiagonal, type Sides } from "./rotatedDiagonal.ts";
export { type RowCovarianceOptions, rowCovariance } from "./rowCovariance.ts";
export { sharedEigenspace, shorterSide } from "./sharedEigenspace.ts";
export type { Mix, Power, RefreshContext, Structure } from "./structure.ts";
