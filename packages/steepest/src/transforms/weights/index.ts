export { type ControlOptions, type HyperballOptions, hyperball } from "./hyperball.ts";
export { keepNorm } from "./keepNorm.ts";
export { type QkClipOptions, type QkPair, qkClip } from "./qkClip.ts";
export { relativeUpdate } from "./relativeUpdate.ts";
export { type WeightAverageOptions, type WeightAverageState, weightAverage } from "./weightAverage.ts";
