import "./polyfill.ts";

export { applyUpdates } from "./applyUpdates.ts";
export { chain, stepKey } from "./chain.ts";
export * from "./control/index.ts";
export * from "./manifolds/index.ts";
export * from "./matrix/index.ts";
export { averagedOracle } from "./methods/averagedOracle.ts";
export { type ClippedOptions, clippedConditionalGradient } from "./methods/clippedConditionalGradient.ts";
export { conditionalGradient } from "./methods/conditionalGradient.ts";
export {
  type ConstrainedForm,
  type DecayForm,
  impliedConstraint,
  impliedDecay,
} from "./methods/impliedConstraint.ts";
export { innerProduct } from "./methods/innerProduct.ts";
export { type LayerNorms, type LayerNormsOptions, layerNorms } from "./methods/layerNorms.ts";
export { type LionKOptions, lionK } from "./methods/lionK.ts";
export { oracleStep } from "./methods/oracleStep.ts";
export { type ShortStepOptions, type ShortStepVariant, shortStep } from "./methods/shortStep.ts";
export { type Smoothness, smoothnessStep } from "./methods/smoothnessStep.ts";
export { type MethodOptions, steepestDescent } from "./methods/steepestDescent.ts";
export {
  type BallOptions,
  unconstrainedConditionalGradient,
} from "./methods/unconstrainedConditionalGradient.ts";
export * from "./monitors/index.ts";
export { didYouMean, nearestName } from "./nearestName.ts";
export * from "./norms/index.ts";
export { inferRoles, type RoleGuess } from "./parameters/inferRoles.ts";
export { listParameters, type Roles } from "./parameters/listParameters.ts";
export { type Parameter, type Role, roles } from "./parameters/parameter.ts";
export type { RowBlocks } from "./parameters/rowCuts.ts";
export { partition } from "./partition.ts";
export {
  type ClippedScionOptions,
  type ClippedScionPreset,
  type ClippedScionPresetName,
  clippedScionPreset,
  clippedScionPresets,
} from "./presets/clippedScionPresets.ts";
export type { PresetPaths } from "./presets/presetGroups.ts";
export { type ScionNormOptions, scionNorm } from "./presets/scionNorm.ts";
export {
  type ScionOptions,
  type ScionPreset,
  type ScionPresetName,
  type ScionPresetPaths,
  scionPreset,
  scionPresets,
} from "./presets/scionPresets.ts";
export { type UniformKind, type UniformPaths, uniformScion } from "./presets/uniformScion.ts";
export { catalog, type OptimizerName } from "./registry/catalog.ts";
export {
  createOptimizer,
  describeOptimizer,
  isOptimizerName,
  type OptimizerOptions,
  optimizerNames,
} from "./registry/createOptimizer.ts";
export type { Family, Method, OptimizerDefinition } from "./registry/definition.ts";
export { defineOptimizer } from "./registry/definition.ts";
export { type AssignmentRow, explainAssignment } from "./registry/explainAssignment.ts";
export { type Guide, guides, type Invariant } from "./registry/guide.ts";
export {
  type Assignment,
  buildOptimizer,
  type CommonOptions,
  type Group,
  type Optimizer,
  type OptimizerState,
} from "./registry/optimizer.ts";
export { type Option, OptionError, type OptionSpecs, type ValuesOf } from "./registry/options.ts";
export { type Spectrum, spectra } from "./registry/spectra.ts";
export { stateFloats } from "./registry/stateFloats.ts";
export { openLoop } from "./schedules/openLoop.ts";
export { type Rate, rateAt, type Schedule } from "./schedules/schedule.ts";
export { constant, cosine, inverseSquareRoot, linear, warmupStableDecay } from "./schedules/shapes.ts";
export * from "./structures/index.ts";
export type { LayerCapture, StatelessTransform, StateOf, StepContext, Transform } from "./transform.ts";
export { addDecayedWeights } from "./transforms/addDecayedWeights.ts";
export { type BalanceRowsOptions, balanceRows } from "./transforms/balanceRows.ts";
export { blend } from "./transforms/blend.ts";
export { clipByGlobalNorm, globalNorm } from "./transforms/clipByGlobalNorm.ts";
export { ema } from "./transforms/ema.ts";
export { identity } from "./transforms/identity.ts";
export { inRowBlocks } from "./transforms/inRowBlocks.ts";
export { manifoldNormalized } from "./transforms/manifoldNormalized.ts";
export { type MapMatricesOptions, mapMatrices } from "./transforms/mapMatrices.ts";
export { type Orthogonalization, orthogonalize } from "./transforms/orthogonalize.ts";
export { type PreconditionedOptions, preconditioned } from "./transforms/preconditioned.ts";
export { type RankOneOptions, rankOne } from "./transforms/rankOne.ts";
export { manifoldStep, moveOn, projectOn, tangentAt } from "./transforms/riemannian.ts";
export { scale } from "./transforms/scale.ts";
export { scaleByAdagrad } from "./transforms/scaleByAdagrad.ts";
export { scaleByAdam } from "./transforms/scaleByAdam.ts";
export { scaleByLearningRate } from "./transforms/scaleByLearningRate.ts";
export { scaleByRms } from "./transforms/scaleByRms.ts";
export { sign as signOf } from "./transforms/sign.ts";
export { type SkipState, skipNonFinite, skippedSteps } from "./transforms/skipNonFinite.ts";
export { trace } from "./transforms/trace.ts";
export {
  type Arrays,
  disposeTree,
  mapLeaves,
  namedLeaves,
  refTree,
  type Stateless,
  type Tree,
  unflattenLike,
} from "./tree.ts";
