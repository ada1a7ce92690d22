import "../polyfill.ts";

export { type AutoOptions, auto } from "./auto.ts";
export { type BiasOptions, type BiasRmsOptions, biasRms } from "./biasRms.ts";
export { biasSign } from "./biasSign.ts";
export { type ColumnMeasure, type ColumnsOptions, columns } from "./columns.ts";
export { type CombineOptions, combine } from "./combine.ts";
export { defineNorm, type NormParts, scaled } from "./defineNorm.ts";
export type { NormEntry, NormParameter, NormRow } from "./entry.ts";
export { euclidean } from "./euclidean.ts";
export { flattened } from "./flattened.ts";
export { type FrobeniusOptions, frobenius } from "./frobenius.ts";
export { type FStarOptions, fStar } from "./fStar.ts";
export { type FTwoOptions, fTwo } from "./fTwo.ts";
export { type KyFanOptions, kyFanDual } from "./kyFanDual.ts";
export { l1 } from "./l1.ts";
export { type MaxOptions, max } from "./max.ts";
export {
  createNorm,
  type NormName,
  type NormOptions,
  normNames,
  normOptions,
  normRow,
} from "./named.ts";
export type { Norm } from "./norm.ts";
export { type NuclearOptions, nuclear } from "./nuclear.ts";
export { type LayerNorm, type ProductKind, productNorm, type TreeNorm } from "./product.ts";
export { type RowMeasure, type RowsOptions, rows } from "./rows.ts";
export { type SchattenOptions, schattenP } from "./schattenP.ts";
export { expectMatrix } from "./shape.ts";
export { type SignOptions, sign } from "./sign.ts";
export {
  type DualMode,
  type PolarNormOptions,
  type SpectralOptions,
  type SpectralRadius,
  spectral,
} from "./spectral.ts";
export { type ConvInit, type SpectralConvOptions, spectralConv } from "./spectralConv.ts";
export { transposed } from "./transposed.ts";
