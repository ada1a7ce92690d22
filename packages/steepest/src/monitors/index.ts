export { estimateSmoothness, type SmoothnessEstimate, type SmoothnessPoint } from "./estimateSmoothness.ts";
export { type DescentStep, predictedDescent } from "./predictedDescent.ts";
export { type SmoothnessSample, smoothnessSample } from "./smoothnessSample.ts";
export { boundUsed, type WeightPromise, weightBound } from "./weightBound.ts";
export { wolfeGap } from "./wolfeGap.ts";
