import "../polyfill.ts";

export { dualFromStep } from "./dualFromStep.ts";
export { estimateSmoothness, type SmoothnessEstimate, type SmoothnessPoint } from "./estimateSmoothness.ts";
export { estimatorDual } from "./estimatorDual.ts";
export { gradientEstimate } from "./gradientEstimate.ts";
export { type DescentStep, predictedDescent } from "./predictedDescent.ts";
export {
  type RunningSmoothness,
  type RunningSmoothnessEstimate,
  type RunningSmoothnessOptions,
  type RunningSmoothnessState,
  runningSmoothness,
} from "./runningSmoothness.ts";
export type { Scalar } from "./scalar.ts";
export { type SmoothnessSample, smoothnessSample } from "./smoothnessSample.ts";
export { boundUsed, type WeightPromise, weightBound } from "./weightBound.ts";
export { wolfeGap } from "./wolfeGap.ts";
