import { chain } from "../core/chain.ts";
import type { Rate, Schedule } from "../core/schedules/schedule.ts";
import type { Transform } from "../core/transform.ts";
import { mapLeaves, refTree } from "../core/tree.ts";
import { scale } from "./scale.ts";
import { scaleByLearningRate } from "./scaleByLearningRate.ts";
import { skipFirst } from "./skipFirst.ts";

export interface DecayAfterOptions {
  readonly weightDecay: number;
  readonly learningRate: Rate;
  readonly schedule: Schedule | undefined;
  /** No decay at the first step. Default false. */
  readonly skipsFirst?: boolean;
}

/**
 * Decoupled decay of the weight that the step leads to, (W + Δ)(1 − ηλ), where `addDecayedWeights` shrinks the weight
 * before it. The two differ by η²λ. Stands after `scaleByLearningRate`. SOAP and Conda do it so.
 */
export function decayAfter({
  weightDecay,
  learningRate,
  schedule,
  skipsFirst = false,
}: DecayAfterOptions): Transform {
  const rated = scaleByLearningRate(learningRate, schedule);
  const { estimate: _, ...decay }: Transform = chain(
    scale(weightDecay),
    ...(skipsFirst ? [skipFirst()] : []),
    rated,
  );
  return {
    ...decay,
    update(updates, state, params, context) {
      const moved = mapLeaves((u, w) => u.add(w), refTree(updates), refTree(params));
      const [decayed, next] = decay.update(moved, state, params, context);
      return [mapLeaves((u, d) => u.add(d), updates, decayed), next];
    },
  };
}
