import type { Contender } from "../compare/contender.ts";
import type { PlanInput } from "../plan/planInput.ts";
import type { Axis } from "./axis.ts";

/**
 * How the points of a sweep are chosen: every combination, points that fill the space evenly, or, after a few of these, points
 * where a Gaussian process expects most from what is known.
 */
export const designs = ["grid", "sobol", "gp"] as const;
export type Design = (typeof designs)[number];

/** What a sweep is: with it and the outcomes so far, the next trials are certain. */
export interface SweepSpec {
  readonly contenders: readonly Contender[];
  readonly axes: readonly Axis[];
  readonly seeds: readonly number[];
  /** What all runs have in common. */
  readonly base: PlanInput;
  readonly design: Design;
  /** Points of each optimizer in a `sobol` or `gp` design. */
  readonly points: number;
  /** All points with a ninth of the steps, the best third of them with a third, the best third of those with all. */
  readonly halving: boolean;
  /** A grid goes on beyond an end that is the best, at most this many values. */
  readonly extend: number;
  /** Every run sees as many sequences or images as one with the batch of `base`: steps follow the batch. */
  readonly sameExamples: boolean;
}
