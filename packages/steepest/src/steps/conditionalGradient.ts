import { chain } from "../core/chain.ts";
import type { Transform } from "../core/transform.ts";
import type { Norm } from "../norms/norm.ts";
import { addDecayedWeights } from "../transforms/addDecayedWeights.ts";
import { scaleByLearningRate } from "../transforms/scaleByLearningRate.ts";
import { momentumEstimate } from "./momentum.ts";
import { oracleStep } from "./oracleStep.ts";
import type { BallOptions } from "./unconstrainedConditionalGradient.ts";

/**
 * SCG, the stochastic conditional gradient (Frank-Wolfe with momentum), for every parameter on its own:
 *
 *   d ← μd + (1−μ)g        x ← (1−γ) x + γ ρ lmo(d)
 *
 * Weights that start in the ball of radius ρ stay in it for γ in [0, 1]. It is uSCG with weight decay 1.
 * Source: Pethick et al. 2025, arXiv:2502.07529, Algorithm 2.
 */
export function conditionalGradient(norm: Norm, options: BallOptions): Transform {
  const { learningRate, momentum = 0, momentumStart, radius = 1, schedule } = options;
  return chain(
    momentumEstimate(momentum, momentumStart),
    oracleStep(norm, radius),
    addDecayedWeights(1),
    scaleByLearningRate(learningRate, schedule),
  );
}
