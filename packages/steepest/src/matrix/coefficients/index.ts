export { bandOf } from "./bandOf.ts";
export { bestOddCubic, type CansOptions, cansSet } from "./cansSchedule.ts";
export {
  type CoefficientSchedule,
  type CoefficientSet,
  type Coefficients,
  type IntervalKind,
  mapSingularValue,
  type ScheduleMode,
  scheduleFor,
} from "./coefficientSet.ts";
export {
  type CoefficientSetName,
  coefficientSet,
  coefficientSetNames,
  coefficientSets,
  polarExpressRaw,
} from "./named.ts";
export {
  bestOddQuintic,
  type PolarExpressOptions,
  polarExpressSchedule,
  withSafety,
} from "./polarExpressSchedule.ts";
export { type PolarExpressSetOptions, polarExpressSet } from "./polarExpressSet.ts";
