import { chain } from "../../core/chain.ts";
import type { Rate, Schedule } from "../../core/schedules/schedule.ts";
import type { Transform } from "../../core/transform.ts";
import { scaleByLearningRate } from "../scaleByLearningRate.ts";
import { keepNorm } from "./keepNorm.ts";
import { relativeUpdate } from "./relativeUpdate.ts";

export interface ControlOptions {
  /** η; with a relative update about the angle of a step. */
  readonly learningRate: Rate;
  readonly schedule?: Schedule | undefined;
}

export interface HyperballOptions extends ControlOptions {
  /** ρ of all weights. Default "initial": each keeps the norm it starts with. */
  readonly radius?: number | "initial";
}

/**
 * Hyperball over any direction: every weight keeps a Frobenius norm ρ, every step has relative length η.
 *
 *   W' = W − ηρ u/‖u‖        W ← ρ W'/‖W'‖
 *
 * The scale of u does not matter; u ∥ W moves nothing for η < 1. State: that of `inner`, and ρ. No weight decay is needed.
 * Source: Wen et al. 2026, arXiv:2606.16899.
 */
export function hyperball(
  inner: Transform,
  { learningRate, schedule, radius = "initial" }: HyperballOptions,
): Transform {
  return chain(
    inner,
    relativeUpdate(radius === "initial" ? "weight" : radius),
    scaleByLearningRate(learningRate, schedule),
    keepNorm(radius),
  );
}
