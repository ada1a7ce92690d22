export * from "./coefficients/index.ts";
export { lakic } from "./lakic.ts";
export {
  iterateSchedule,
  type NewtonSchulzOptions,
  newtonSchulz,
  resolveNewtonSchulz,
} from "./newtonSchulz.ts";
export { type Normalization, type NormalizationName, normalizations } from "./normalization.ts";
export { polar } from "./polar.ts";
export { type PolarExpressRunOptions, type PolarExpressVariant, polarExpress } from "./polarExpress.ts";
export { type PowerIterationOptions, powerIteration, type SingularTriple } from "./powerIteration.ts";
export { semiOrthogonal } from "./semiOrthogonal.ts";
export { type Svd, type SvdOptions, singularValues, svd } from "./svd.ts";
