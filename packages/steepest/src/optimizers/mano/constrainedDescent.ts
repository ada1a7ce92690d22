import { chain } from "../../core/chain.ts";
import type { Rate, Schedule } from "../../core/schedules/schedule.ts";
import type { Transform } from "../../core/transform.ts";
import type { Manifold } from "../../manifolds/manifold.ts";
import { flattened } from "../../norms/flattened.ts";
import type { Norm } from "../../norms/norm.ts";
import { oracleStep } from "../../steps/oracleStep.ts";
import { addDecayedWeights } from "../../transforms/addDecayedWeights.ts";
import { ema } from "../../transforms/ema.ts";
import { identity } from "../../transforms/identity.ts";
import { projectOn, tangentAt } from "../../transforms/riemannian.ts";
import { scaleByLearningRate } from "../../transforms/scaleByLearningRate.ts";

interface DescentOptions {
  readonly momentum: number;
  readonly nesterov: boolean;
  readonly project: boolean;
  readonly weightDecay: number;
  readonly learningRate: Rate;
}

/** W ← N(W + η·lmo(ξ)), ξ the tangent part of the averaged gradient. */
export function constrainedDescent(
  manifold: Manifold,
  norm: Norm,
  { momentum, nesterov, project, weightDecay, learningRate }: DescentOptions,
  schedule: Schedule | undefined,
): Transform {
  return chain(
    momentum === 0 ? identity() : ema(momentum, { nesterov }),
    project ? tangentAt(manifold) : identity(),
    oracleStep(flattened(norm)),
    addDecayedWeights(weightDecay),
    scaleByLearningRate(learningRate, schedule),
    projectOn(manifold),
  );
}
