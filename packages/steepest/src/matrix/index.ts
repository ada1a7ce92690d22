import "../polyfill.ts";

export * from "./coefficients/index.ts";
export { type CoupledNewtonOptions, coupledNewton } from "./coupledNewton.ts";
export {
  type CoupledNewtonSchulzOptions,
  coupledNewtonSchulz,
  type SquareRoots,
} from "./coupledNewtonSchulz.ts";
export { type GramNewtonSchulzOptions, gramNewtonSchulz } from "./gramNewtonSchulz.ts";
export { type GramRestartsOptions, gramRestarts } from "./gramRestarts.ts";
export { type InverseRootOptions, inverseRoot } from "./inverseRoot.ts";
export { type LakicOptions, lakic } from "./lakic.ts";
export { type LanczosOptions, lanczos } from "./lanczos.ts";
export { type LeveragePolarOptions, leveragePolar } from "./leveragePolar.ts";
export {
  type IterationForm,
  type IterationOptions,
  iterateSchedule,
  kellerNewtonSchulz,
  MOST_KELLER_STEPS,
  type NewtonSchulzOptions,
  newtonSchulz,
  resolveNewtonSchulz,
} from "./newtonSchulz.ts";
export { gramNewtonSchulzFlops, type IterationSize, newtonSchulzFlops } from "./newtonSchulzFlops.ts";
export { type Normalization, type NormalizationName, normalizations } from "./normalization.ts";
export { orthonormalColumns } from "./orthonormalColumns.ts";
export {
  type Polar,
  type PolarFunction,
  type PolarName,
  type PolarSettings,
  polar,
  polarFunction,
  polarNames,
} from "./polar.ts";
export { type PolarExpressRunOptions, type PolarExpressVariant, polarExpress } from "./polarExpress.ts";
export { type PowerIterationOptions, powerIteration, type SingularTriple } from "./powerIteration.ts";
export { type RandomizedSvdOptions, randomizedSvd } from "./randomizedSvd.ts";
export { type RefreshedEigenvectors, refreshEigenvectors } from "./refreshEigenvectors.ts";
export { type RiemannianLeverageOptions, riemannianLeveragePolar } from "./riemannianLeveragePolar.ts";
export { semiOrthogonal } from "./semiOrthogonal.ts";
export { startVector } from "./startVector.ts";
export { type Svd, type SvdOptions, singularValues, svd } from "./svd.ts";
export { type SymmetricEigen, symmetricEigen } from "./symmetricEigen.ts";
export { stripCount, symmetricShare } from "./symmetricStrips.ts";
export { topEigenvector } from "./topEigenvector.ts";
export { truncatedSvd } from "./truncatedSvd.ts";
