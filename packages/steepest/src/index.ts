import "./polyfill.ts";

export { catalog, type OptimizerName } from "./catalog/catalog.ts";
export {
  createOptimizer,
  describeOptimizer,
  isOptimizerName,
  type OptimizerOptions,
  optimizerNames,
} from "./catalog/createOptimizer.ts";
export { type Guide, guides, type Invariant } from "./catalog/guide.ts";
export { type Spectrum, spectra } from "./catalog/spectra.ts";
export { applyUpdates } from "./core/applyUpdates.ts";
export { chain, stepKey } from "./core/chain.ts";
export { didYouMean, nearestName } from "./core/nearestName.ts";
export { inferRoles, type RoleGuess } from "./core/parameters/inferRoles.ts";
export { listParameters, type Roles } from "./core/parameters/listParameters.ts";
export { type Parameter, type Role, roles } from "./core/parameters/parameter.ts";
export type { RowBlocks } from "./core/parameters/rowCuts.ts";
export { partition } from "./core/partition.ts";
export { openLoop } from "./core/schedules/openLoop.ts";
export { type Rate, rateAt, type Schedule } from "./core/schedules/schedule.ts";
export { constant, cosine, inverseSquareRoot, linear, warmupStableDecay } from "./core/schedules/shapes.ts";
export type { LayerCapture, StatelessTransform, StateOf, StepContext, Transform } from "./core/transform.ts";
export {
  type Arrays,
  disposeTree,
  mapLeaves,
  namedLeaves,
  refTree,
  type Stateless,
  type Tree,
  unflattenLike,
} from "./core/tree.ts";
export type { Family, Method, OptimizerDefinition } from "./define/definition.ts";
export { defineOptimizer } from "./define/definition.ts";
export { type AssignmentRow, explainAssignment } from "./define/explainAssignment.ts";
export {
  type Assignment,
  buildOptimizer,
  type CommonOptions,
  type Group,
  type Optimizer,
  type OptimizerState,
} from "./define/optimizer.ts";
export { type Option, OptionError, type OptionSpecs, type ValuesOf } from "./define/options.ts";
export { stateFloats } from "./define/stateFloats.ts";
export * from "./fisher/index.ts";
export * from "./manifolds/index.ts";
export * from "./matrix/index.ts";
export * from "./monitors/index.ts";
export * from "./norms/index.ts";
export { scaleByAdagrad } from "./optimizers/adam/scaleByAdagrad.ts";
export { scaleByRms } from "./optimizers/adam/scaleByRms.ts";
export { type BalanceRowsOptions, balanceRows } from "./optimizers/muon/balanceRows.ts";
export { blend } from "./optimizers/nuclear/blend.ts";
export { type RankOneOptions, rankOne } from "./optimizers/nuclear/rankOne.ts";
export {
  type ClippedScionOptions,
  type ClippedScionPreset,
  type ClippedScionPresetName,
  clippedScionPreset,
  clippedScionPresets,
} from "./optimizers/scion/clippedScionPresets.ts";
export type { PresetPaths } from "./optimizers/scion/presetGroups.ts";
export { type ScionNormOptions, scionNorm } from "./optimizers/scion/scionNorm.ts";
export {
  type ScionOptions,
  type ScionPreset,
  type ScionPresetName,
  type ScionPresetPaths,
  scionPreset,
  scionPresets,
} from "./optimizers/scion/scionPresets.ts";
export { type UniformKind, type UniformPaths, uniformScion } from "./optimizers/scion/uniformScion.ts";
export { averagedOracle } from "./steps/averagedOracle.ts";
export { type ClippedOptions, clippedConditionalGradient } from "./steps/clippedConditionalGradient.ts";
export { conditionalGradient } from "./steps/conditionalGradient.ts";
export {
  type ConstrainedForm,
  type DecayForm,
  impliedConstraint,
  impliedDecay,
} from "./steps/impliedConstraint.ts";
export { innerProduct } from "./steps/innerProduct.ts";
export { type LayerNorms, type LayerNormsOptions, layerNorms } from "./steps/layerNorms.ts";
export { type LionKOptions, lionK } from "./steps/lionK.ts";
export { oracleStep } from "./steps/oracleStep.ts";
export { type ShortStepOptions, type ShortStepVariant, shortStep } from "./steps/shortStep.ts";
export { type Smoothness, smoothnessStep } from "./steps/smoothnessStep.ts";
export { type MethodOptions, steepestDescent } from "./steps/steepestDescent.ts";
export {
  type BallOptions,
  unconstrainedConditionalGradient,
} from "./steps/unconstrainedConditionalGradient.ts";
export { addDecayedWeights } from "./transforms/addDecayedWeights.ts";
export { clipByGlobalNorm, globalNorm } from "./transforms/clipByGlobalNorm.ts";
export { ema } from "./transforms/ema.ts";
export { identity } from "./transforms/identity.ts";
export { inRowBlocks } from "./transforms/inRowBlocks.ts";
export { manifoldNormalized } from "./transforms/manifoldNormalized.ts";
export { type MapMatricesOptions, mapMatrices } from "./transforms/mapMatrices.ts";
export { type Orthogonalization, orthogonalize } from "./transforms/orthogonalize.ts";
export { type PreconditionedOptions, preconditioned } from "./transforms/preconditioned.ts";
export { manifoldStep, moveOn, projectOn, tangentAt } from "./transforms/riemannian.ts";
export { scale } from "./transforms/scale.ts";
export { scaleByAdam } from "./transforms/scaleByAdam.ts";
export { scaleByLearningRate } from "./transforms/scaleByLearningRate.ts";
export { sign as signOf } from "./transforms/sign.ts";
export { type SkipState, skipNonFinite, skippedSteps } from "./transforms/skipNonFinite.ts";
export { trace } from "./transforms/trace.ts";
export * from "./transforms/weights/index.ts";
