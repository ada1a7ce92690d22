import "../../polyfill.ts";

export { type ExponentialOptions, exponential } from "./exponential.ts";
export { join } from "./join.ts";
export { openLoop } from "./openLoop.ts";
export { type PiecewiseOptions, piecewise } from "./piecewise.ts";
export { type PolynomialOptions, polynomial } from "./polynomial.ts";
export {
  type Plateau,
  type PlateauState,
  type ReduceOnPlateauOptions,
  reduceOnPlateau,
} from "./reduceOnPlateau.ts";
export { type Rate, rateAt, type Schedule } from "./schedule.ts";
export { constant, cosine, growingMomentum, inverseSquareRoot, linear, warmupStableDecay } from "./shapes.ts";
export { warmup } from "./warmup.ts";
