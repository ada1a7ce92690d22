import type { numpy as np } from "@jax-js/jax";

import { stepsByGradients } from "../core/estimate.ts";
import type { Rate, Schedule } from "../core/schedules/schedule.ts";
import type { Transform } from "../core/transform.ts";
import { disposeTree, mapLeaves, type Stateless } from "../core/tree.ts";
import { countAsFloat, nextCount, zeroCount } from "./count.ts";

export type LearningRateState = Stateless | { count: np.Array };

/**
 * −learningRate · schedule(t) · updates, the last stage of a descent method. t counts from 0.
 * The state is a step count when either is a function of it, else empty.
 */
export function scaleByLearningRate(learningRate: Rate, schedule?: Schedule): Transform<LearningRateState> {
  const constant = typeof learningRate === "number" && schedule === undefined;
  return {
    init(params) {
      disposeTree(params);
      return constant ? {} : { count: zeroCount() };
    },
    update(updates, state, params) {
      disposeTree(params);
      if (constant) return [mapLeaves((u) => u.mul(-learningRate), updates), state];
      const { count } = state;
      if (count === undefined)
        throw new Error("scaleByLearningRate: a scheduled rate needs the step count in its state");
      const step = countAsFloat(count.ref);
      const base = typeof learningRate === "number" ? learningRate : learningRate(step.ref);
      const factor = (schedule === undefined ? step.mul(0).add(1) : schedule(step)).mul(base).neg();
      const scaled = mapLeaves((u) => u.mul(factor.ref), updates);
      factor.dispose();
      return [scaled, { count: nextCount(count) }];
    },
    estimate: stepsByGradients,
  };
}
