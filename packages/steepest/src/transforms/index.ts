import "../polyfill.ts";

export { type AccumulateState, accumulate } from "./accumulate.ts";
export { addCautiousDecay } from "./addCautiousDecay.ts";
export { addDecayedWeights } from "./addDecayedWeights.ts";
export { clipByGlobalNorm, globalNorm } from "./clipByGlobalNorm.ts";
export { clipByRms, rootMeanSquare } from "./clipByRms.ts";
export { type EmaOptions, type EmaState, ema } from "./ema.ts";
export { type CorrectedEmaState, emaCorrected } from "./emaCorrected.ts";
export { freeze } from "./freeze.ts";
export { type Graft, graftNames } from "./graft.ts";
export { identity } from "./identity.ts";
export { inRowBlocks } from "./inRowBlocks.ts";
export { type ManifoldNormalizedOptions, manifoldNormalized } from "./manifoldNormalized.ts";
export { type MapMatricesOptions, mapMatrices } from "./mapMatrices.ts";
export { mapWithWeights } from "./mapWithWeights.ts";
export { nuclearScaled } from "./nuclearScaled.ts";
export { onMatrices } from "./onMatrices.ts";
export { orthogonalize } from "./orthogonalize.ts";
export {
  type ParameterRule,
  type ParameterStep,
  type PerParameterState,
  perParameter,
} from "./perParameter.ts";
export { type PreconditionedOptions, preconditioned } from "./preconditioned.ts";
export type { RefreshPlan } from "./refresh.ts";
export { manifoldStep, moveOn, projectOn, tangentAt } from "./riemannian.ts";
export { mapUpdates, scale } from "./scale.ts";
export { type AdamOptions, type AdamState, scaleByAdam } from "./scaleByAdam.ts";
export { type LearningRateState, scaleByLearningRate } from "./scaleByLearningRate.ts";
export { type ShapeScale, scaleByShape, shapeScaleNames } from "./scaleByShape.ts";
export { scaleByTrustRatio, type TrustRatioOptions } from "./scaleByTrustRatio.ts";
export { sign } from "./sign.ts";
export { type SinkhornOptions, sinkhorn } from "./sinkhorn.ts";
export { type SkipState, skipNonFinite, skippedSteps } from "./skipNonFinite.ts";
export { type TraceOptions, type TraceState, trace } from "./trace.ts";
export * from "./weights/index.ts";
