export { type ControlOptions, type HyperballOptions, hyperball } from "./hyperball.ts";
export { keepNorm } from "./keepNorm.ts";
export { type QkClipOptions, type QkPair, qkClip } from "./qkClip.ts";
export { type RadialBrakeOptions, radialBrake } from "./radialBrake.ts";
export { relativeUpdate } from "./relativeUpdate.ts";
export { type SpectralSphereOptions, spectralSphereStep, toSpectralSphere } from "./spectralSphere.ts";
export { type WeightAverageOptions, type WeightAverageState, weightAverage } from "./weightAverage.ts";
