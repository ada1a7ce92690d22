import "../polyfill.ts";

export { askedExtras } from "./askedExtras.ts";
export type { Assignment } from "./assign.ts";
export { type CoefficientChoice, coefficientOption } from "./coefficientOption.ts";
export type { CommonOptions, Group } from "./commonOptions.ts";
export { defineMatrixOptimizer } from "./defineMatrixOptimizer.ts";
export {
  type Extras,
  everything,
  type Family,
  hiddenWeights,
  type Method,
  type OptimizerDefinition,
  type Recipe,
  type RecipeContext,
} from "./definition.ts";
export { type AssignmentRow, explainAssignment } from "./explainAssignment.ts";
export { type Grouped, groupedValues } from "./grouped.ts";
export { defineOptimizer, type NamedOptimizer, type OptionsOf } from "./namedOptimizer.ts";
export { buildOptimizer, type Optimizer, type OptimizerState } from "./optimizer.ts";
export {
  choice,
  flag,
  fraction,
  integer,
  nonNegative,
  type Option,
  OptionError,
  type OptionSpecs,
  pastWeight,
  positive,
  rate,
  share,
  type ValuesOf,
  value,
} from "./options.ts";
export {
  auxiliaryAdamW,
  auxiliaryOptions,
  matrixAuxiliary,
  matrixAuxiliaryOptions,
} from "./recipes/auxiliary.ts";
export { directionMethod, directionOptions } from "./recipes/directionMethod.ts";
export { type LayersOptions, methodOfAllLayers } from "./recipes/methodOfAllLayers.ts";
export {
  muonOptions,
  orthogonalizeBy,
  stepMethod,
  stepMethodWith,
  stepMomentum,
  stepOptions,
} from "./recipes/muonRecipe.ts";
export { methodPerRule, type NormRule, normChoice, normRules, onSphere } from "./recipes/normChoice.ts";
export { type PolarDefaults, type PolarValues, polarFrom, polarOptions } from "./recipes/polarOptions.ts";
export { stateFloats } from "./stateFloats.ts";
export { type BlocksOption, withBlocks } from "./withBlocks.ts";
