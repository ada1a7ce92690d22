import "../polyfill.ts";

export { averagedOracle } from "./averagedOracle.ts";
export { type ClippedOptions, clippedConditionalGradient } from "./clippedConditionalGradient.ts";
export { conditionalGradient } from "./conditionalGradient.ts";
export {
  type ConstrainedForm,
  type DecayForm,
  impliedConstraint,
  impliedDecay,
} from "./impliedConstraint.ts";
export { innerProduct } from "./innerProduct.ts";
export { type LayerNorms, type LayerNormsOptions, layerNorms } from "./layerNorms.ts";
export { type LionKOptions, lionK } from "./lionK.ts";
export { oracleStep } from "./oracleStep.ts";
export { type ShortStepOptions, type ShortStepVariant, shortStep } from "./shortStep.ts";
export { type Smoothness, smoothnessStep } from "./smoothnessStep.ts";
export { type MethodOptions, steepestDescent } from "./steepestDescent.ts";
export {
  type BallOptions,
  unconstrainedConditionalGradient,
} from "./unconstrainedConditionalGradient.ts";
