import "../polyfill.ts";

export {
  type ClippedSetting,
  clippedBound,
  type NoisyClippedSetting,
  noisyClippedBound,
  type RelaxedSmoothness,
  relaxedConditionalGradientBound,
} from "./clippedBound.ts";
export { type DualFactorOptions, dualFactor, productDualFactor } from "./dualFactor.ts";
export { type EstimatorSetting, meanEstimatorError } from "./estimatorError.ts";
export { leastSquaresLipschitz } from "./leastSquaresLipschitz.ts";
export type { DescentSetting } from "./setting.ts";
export {
  type NoisyShortStepSetting,
  noisyShortStepBound,
  type ShortStepSetting,
  shortStepBound,
} from "./shortStepBound.ts";
export {
  type NoisyTarget,
  noisyStepsToReach,
  type StepPlan,
  stepsToReach,
  type Target,
} from "./stepsToReach.ts";
export { type ConditionalGradientSetting, scgBound, uscgBound } from "./uscgBound.ts";
