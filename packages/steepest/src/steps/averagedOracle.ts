import { chain } from "../core/chain.ts";
import type { Transform } from "../core/transform.ts";
import type { Norm } from "../norms/norm.ts";
import { addDecayedWeights } from "../transforms/addDecayedWeights.ts";
import { scaleByLearningRate } from "../transforms/scaleByLearningRate.ts";
import { momentumEstimate } from "./momentum.ts";
import { oracleStep } from "./oracleStep.ts";
import type { DecayOptions } from "./steepestDescent.ts";
import type { BallOptions } from "./unconstrainedConditionalGradient.ts";

/**
 * ALMOND, averaged LMO directional descent: averages after the oracle instead of before, layer by layer.
 *
 *   d ← μd + (1−μ) ρ lmo(g)        x ← (1−γλ)x + γd
 *
 * ‖d‖ ≤ ρ. It stops at a distance that the noise sets, and is kept to compare with: uSCG does better.
 * Source: Pethick et al. 2025, arXiv:2502.07529, Algorithm 4; Tuddenham et al. 2022, arXiv:2202.07052 (spectral).
 */
export function averagedOracle(norm: Norm, options: BallOptions & DecayOptions): Transform {
  const { learningRate, momentum = 0, momentumStart, radius = 1, weightDecay = 0, schedule } = options;
  return chain(
    oracleStep(norm, radius),
    momentumEstimate(momentum, momentumStart),
    addDecayedWeights(weightDecay),
    scaleByLearningRate(learningRate, schedule),
  );
}
