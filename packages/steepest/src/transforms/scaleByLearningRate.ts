import type { numpy as np } from "@jax-js/jax";
import { stepsByGradients } from "../core/estimate.ts";
import { expectNumbers } from "../core/expectNumbers.ts";
import type { Rate, Schedule } from "../core/schedules/schedule.ts";
import type { Transform } from "../core/transform.ts";
import { disposeTree, mapLeaves, type Stateless, type Tree } from "../core/tree.ts";
import { countAsFloat, nextCount, zeroCount } from "./count.ts";

export type LearningRateState = Stateless | { count: np.Array };

/**
 * −learningRate · schedule(t) · updates, the last stage of a descent method. t counts from 0. A `learningRateScale` in the
 * context multiplies it.
 * The state is a step count when either is a function of it, else empty.
 */
export function scaleByLearningRate(learningRate: Rate, schedule?: Schedule): Transform<LearningRateState> {
  if (typeof learningRate !== "function") expectNumbers("scaleByLearningRate", { learningRate }, "≥ 0");
  const constant = typeof learningRate === "number" && schedule === undefined;
  return {
    init(params) {
      disposeTree(params);
      return constant ? {} : { count: zeroCount() };
    },
    update(updates, state, params, { learningRateScale: scale } = { phase: 0 }) {
      disposeTree(params);
      if (constant) {
        if (scale === undefined) return [mapLeaves((u) => u.mul(-learningRate), updates), state];
        return [times(updates, scale.ref.mul(-learningRate)), state];
      }
      const { count } = state;
      if (count === undefined)
        throw new Error("scaleByLearningRate: a scheduled rate needs the step count in its state");
      const step = countAsFloat(count.ref);
      const base = typeof learningRate === "number" ? learningRate : learningRate(step.ref);
      const factor = (schedule === undefined ? step.mul(0).add(1) : schedule(step)).mul(base).neg();
      const scaled = times(updates, scale === undefined ? factor : factor.mul(scale.ref));
      return [scaled, { count: nextCount(count) }];
    },
    estimate: stepsByGradients,
  };
}

/** Every leaf by a scalar. Consumes both. */
function times(updates: Tree, factor: np.Array): Tree {
  const scaled = mapLeaves((u) => u.mul(factor.ref), updates);
  factor.dispose();
  return scaled;
}
