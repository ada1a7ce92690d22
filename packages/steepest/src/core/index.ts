import "../polyfill.ts";

export { applyUpdates } from "./applyUpdates.ts";
export { chain, stepKey } from "./chain.ts";
export { type CompiledStep, compiledStep, type Trained, type Training } from "./compiledStep.ts";
export { stepsByGradients } from "./estimate.ts";
export { didYouMean, nearestName } from "./nearestName.ts";
export { inferRoles, type RoleGuess } from "./parameters/inferRoles.ts";
export { listParameters } from "./parameters/listParameters.ts";
export { type Parameter, type Role, roles } from "./parameters/parameter.ts";
export type { Roles } from "./parameters/roleOf.ts";
export type { RowBlocks } from "./parameters/rowCuts.ts";
export { partition } from "./partition.ts";
export { settingSynonyms } from "./settingSynonyms.ts";
export type {
  AllLayers,
  LayerCapture,
  LayerNumbers,
  StatelessTransform,
  StateOf,
  StepContext,
  Transform,
} from "./transform.ts";
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
