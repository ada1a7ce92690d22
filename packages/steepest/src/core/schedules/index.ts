import "../../polyfill.ts";

export { openLoop } from "./openLoop.ts";
export { type Rate, rateAt, type Schedule } from "./schedule.ts";
export { constant, cosine, inverseSquareRoot, linear, warmupStableDecay } from "./shapes.ts";
