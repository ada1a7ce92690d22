import { chain } from "../core/chain.ts";
import type { Rate, Schedule } from "../core/schedules/schedule.ts";
import type { Transform } from "../core/transform.ts";
import type { Norm } from "../norms/norm.ts";
import { addDecayedWeights } from "../transforms/addDecayedWeights.ts";
import { mapUpdates } from "../transforms/scale.ts";
import { scaleByLearningRate } from "../transforms/scaleByLearningRate.ts";
import { type MomentumStart, momentumEstimate } from "./momentum.ts";

export interface MethodOptions {
  /** γ: step size. */
  readonly learningRate: Rate;
  /**
   * μ in [0, 1), the weight of the past in the gradient average, or a schedule of it (`growingMomentum`); 0
   * keeps no average. Default 0.
   */
  readonly momentum?: Rate;
  /** Where the average starts. Default "zero". Only a step's direction, not its length, sees it under an oracle. */
  readonly momentumStart?: MomentumStart;
  /** Multiplies the learning rate. Default none. */
  readonly schedule?: Schedule | undefined;
}

/** Of methods without a constraint of their own. */
export interface DecayOptions {
  /** λ ≥ 0, decoupled: x is shrunk by γλ at every step, whatever the step's length. Default 0. */
  readonly weightDecay?: number;
}

/**
 * Steepest descent in a norm, for every parameter on its own:
 *
 *   d ← μd + (1−μ)g        x ← (1−γλ)x − γ d♯,   d♯ = −‖d‖_* lmo(d)
 *
 * The step has the scale of the gradient: on an L-smooth function f falls for γ < 2/L. Frobenius gives
 * gradient descent, the spectral norm stochastic spectral descent (Carlson et al. 2015).
 */
export function steepestDescent(
  norm: Norm,
  { learningRate, momentum = 0, momentumStart, weightDecay = 0, schedule }: MethodOptions & DecayOptions,
): Transform {
  return chain(
    momentumEstimate(momentum, momentumStart),
    mapUpdates((d) => norm.sharp(d)),
    addDecayedWeights(weightDecay),
    scaleByLearningRate(learningRate, schedule),
  );
}
