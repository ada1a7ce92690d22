import { chain } from "../core/chain.ts";
import type { Transform } from "../core/transform.ts";
import type { Norm } from "../norms/norm.ts";
import { addDecayedWeights } from "../transforms/addDecayedWeights.ts";
import { scaleByLearningRate } from "../transforms/scaleByLearningRate.ts";
import { momentumEstimate } from "./momentum.ts";
import { oracleStep } from "./oracleStep.ts";
import type { DecayOptions, MethodOptions } from "./steepestDescent.ts";

export interface BallOptions extends MethodOptions {
  /** ρ > 0: radius of the ball the oracle works in. Default 1. */
  readonly radius?: number;
}

/**
 * uSCG, the unconstrained stochastic conditional gradient, for every parameter on its own:
 *
 *   d ← μd + (1−μ)g        x ← (1−γλ)x + γ ρ lmo(d)
 *
 * Without decay every step has norm γρ, whatever the size of the gradient; with it this is `conditionalGradient` with
 * step γλ in the ball of radius ρ/λ (`impliedConstraint`). Momentum here is 1 − α of the paper.
 * Source: Pethick et al. 2025, arXiv:2502.07529, Algorithm 1.
 */
export function unconstrainedConditionalGradient(norm: Norm, options: BallOptions & DecayOptions): Transform {
  const { learningRate, momentum = 0, momentumStart, radius = 1, weightDecay = 0, schedule } = options;
  return chain(
    momentumEstimate(momentum, momentumStart),
    oracleStep(norm, radius),
    addDecayedWeights(weightDecay),
    scaleByLearningRate(learningRate, schedule),
  );
}
