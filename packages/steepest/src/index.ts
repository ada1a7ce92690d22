export { catalog, type OptimizerName } from "./catalog.ts";
export * from "./core/index.ts";
export {
  createOptimizer,
  describeOptimizer,
  isOptimizerName,
  type OptimizerOptions,
  optimizerNames,
} from "./createOptimizer.ts";
export type { Assignment } from "./define/assign.ts";
export type { CommonOptions, Group } from "./define/commonOptions.ts";
export type { Family, OptimizerDefinition } from "./define/definition.ts";
export { type AssignmentRow, explainAssignment } from "./define/explainAssignment.ts";
export { extras } from "./define/extras.ts";
export type { NamedOptimizer, OptionsOf } from "./define/namedOptimizer.ts";
export type { Optimizer, OptimizerState } from "./define/optimizer.ts";
export { OptionError } from "./define/options.ts";
export { stateFloats } from "./define/stateFloats.ts";
export { type LayerGeometry, layerGeometry } from "./layerGeometry.ts";
export * from "./optimizers/index.ts";
export {
  type ClippedScionOptions,
  type ClippedScionPreset,
  type ClippedScionPresetName,
  clippedScionPreset,
  clippedScionPresets,
} from "./optimizers/scion/clippedScionPresets.ts";
export { imageScionPreset } from "./optimizers/scion/imageScionPreset.ts";
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
