import { parseContender } from "../../src/compare/contender.ts";
import type { RunPlan } from "../../src/plan/runPlan.ts";
import { parseAxis } from "../../src/sweep/axis.ts";
import type { SweepSpec } from "../../src/sweep/sweepSpec.ts";

/** A grid of whole runs of sgd on the Rosenbrock function, but for the changes. */
export const sweepSpec = (over: readonly string[], changes: Partial<SweepSpec> = {}): SweepSpec => ({
  contenders: [parseContender("sgd")],
  axes: over.map(parseAxis),
  seeds: [0],
  base: { model: "rosenbrock", steps: 90 },
  design: "grid",
  points: 8,
  halving: false,
  extend: 0,
  sameExamples: false,
  ...changes,
});

export const rateOf = ({ optimizerOptions }: RunPlan): number => Number(optimizerOptions.learningRate);

/** A loss that is least at a rate, on a log scale. */
export const bowlAt =
  (best: number) =>
  (plan: RunPlan): number =>
    Math.log10(rateOf(plan) / best) ** 2;
