export { type PlanInput, parsePlanInput } from "./plan/planInput.ts";
export { resolvePlan } from "./plan/resolvePlan.ts";
export * from "./run/index.ts";
