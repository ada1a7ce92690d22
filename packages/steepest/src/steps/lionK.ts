import { chain } from "../core/chain.ts";
import type { Rate, Schedule } from "../core/schedules/schedule.ts";
import type { Transform } from "../core/transform.ts";
import type { Norm } from "../norms/norm.ts";
import { addDecayedWeights } from "../transforms/addDecayedWeights.ts";
import { lionMomentum } from "../transforms/lionMomentum.ts";
import { scaleByLearningRate } from "../transforms/scaleByLearningRate.ts";
import { oracleStep } from "./oracleStep.ts";

export interface LionKOptions {
  /** η. */
  readonly learningRate: Rate;
  /** Weight of the past in the step, in [0, 1). Default 0.9. */
  readonly b1?: number;
  /** Weight of the past in the buffer, in [0, 1). Default 0.99. */
  readonly b2?: number;
  /** λ, decoupled. Default 0. */
  readonly weightDecay?: number;
  /** ρ > 0. Default 1. */
  readonly radius?: number;
  /** Multiplies the learning rate. Default none. */
  readonly schedule?: Schedule | undefined;
}

/**
 * Lion-K for K = ρ‖·‖_*, the dual norm, whose subgradient is −ρ lmo; layer by layer.
 *
 *   c = b1·m + (1−b1)g      x ← (1−ηλ)x + ηρ lmo(c)      m ← b2·m + (1−b2)g
 *
 * The max norm makes Lion. The spectral norm with b1 = μ², b2 = μ makes Muon with Nesterov momentum μ; b1 = b2 the
 * conditional gradient of radius ρ/λ. It solves min f(x) subject to ‖x‖ ≤ ρ/λ.
 * Source: Chen, Liu, Liang & Liu 2023, arXiv:2310.05898, with the opposite sign of m.
 */
export function lionK(norm: Norm, options: LionKOptions): Transform {
  const { learningRate, b1 = 0.9, b2 = 0.99, weightDecay = 0, radius = 1, schedule } = options;
  return chain(
    lionMomentum(b1, b2),
    oracleStep(norm, radius),
    addDecayedWeights(weightDecay),
    scaleByLearningRate(learningRate, schedule),
  );
}
