import "../polyfill.ts";

export { type DescentBound, descentBound } from "./descentBound.ts";
export { dualFromStep } from "./dualFromStep.ts";
export { estimateSmoothness, type SmoothnessEstimate, type SmoothnessPoint } from "./estimateSmoothness.ts";
export { estimatorDual } from "./estimatorDual.ts";
export { obliqueDistance, sphereDistance, stiefelDistance, stiefelOverlap } from "./geodesicDistance.ts";
export { gradientEstimate } from "./gradientEstimate.ts";
export { type GradientNoise, gradientNoise } from "./gradientNoise.ts";
export { largestSingularValue } from "./largestSingularValue.ts";
export { type DescentStep, predictedDescent } from "./predictedDescent.ts";
export { rootMeanSquare } from "./rootMeanSquare.ts";
export { type RowGeometry, rowGeometry } from "./rowGeometry.ts";
export {
  type RunningSmoothness,
  type RunningSmoothnessEstimate,
  type RunningSmoothnessOptions,
  type RunningSmoothnessState,
  runningSmoothness,
} from "./runningSmoothness.ts";
export type { Scalar } from "./scalar.ts";
export { type SmoothnessSample, smoothnessSample } from "./smoothnessSample.ts";
export { effectiveRank, spectrumOf, stableRank } from "./spectrum.ts";
export { symmetricEigenvalues } from "./symmetricEigenvalues.ts";
export { type UpdateCost, updateCost } from "./updateCost.ts";
export { boundUsed, type WeightPromise, weightBound } from "./weightBound.ts";
export { wolfeGap } from "./wolfeGap.ts";
