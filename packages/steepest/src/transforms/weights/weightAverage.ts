import { numpy as np } from "@jax-js/jax";
import { declaredEstimate } from "../../core/estimate.ts";
import { expectNumbers } from "../../core/expectNumbers.ts";
import type { Transform } from "../../core/transform.ts";
import { mapLeaves, refTree, type Tree } from "../../core/tree.ts";
import { countAsFloat, nextCount, zeroCount } from "../count.ts";

export interface WeightAverageOptions {
  /** β, the weight of the past, in [0, 1). Default 0.999. */
  decay?: number;
  /** min(β, (1 + t)/(10 + t)) at step t instead of β, so that the start is soon forgotten. Default false. */
  warmup?: boolean;
}

/** The wrapped transform's state, the averaged weights in the parameters' structure, and the steps seen, an int32 scalar. */
export type WeightAverageState<S extends Tree> = { inner: S; average: Tree; count: np.Array };

/**
 * Keeps a moving average of the weights beside whatever `inner` does to them: average ← β·average + (1−β)·W after each
 * step, from the weights at the start. Evaluate with `refTree(state.average)`; training does not see it.
 *
 * It stands outermost, where updates are what is added to the weights. Around `accumulate` it would average after every
 * micro-batch: put `accumulate` around it. State: that of `inner`, and one number a parameter.
 * Source: Polyak & Juditsky 1992; with `warmup` as TensorFlow's ExponentialMovingAverage with a step count.
 */
export function weightAverage<S extends Tree>(
  inner: Transform<S>,
  { decay = 0.999, warmup = false }: WeightAverageOptions = {},
): Transform<WeightAverageState<S>> {
  expectNumbers("weightAverage", { decay }, "[0, 1)");
  return {
    ...(inner.period === undefined ? {} : { period: inner.period }),
    ...(inner.phaseKey === undefined ? {} : { phaseKey: inner.phaseKey.bind(inner) }),
    init: (params) => ({
      inner: inner.init(refTree(params)),
      average: params,
      count: zeroCount(),
    }),
    update(updates, { inner: state, average: past, count }, params, context) {
      const [moved, next] = inner.update(updates, state, refTree(params), context);
      const beta = warmup ? growing(decay, count) : np.full([], decay, { dtype: np.float32 });
      const average = mapLeaves(
        // a + (1−β)(W − a): no drift of weights that do not move.
        (w, u, a) => a.ref.add(w.add(u).sub(a).mul(np.subtract(1, beta.ref))),
        params,
        refTree(moved),
        past,
      );
      beta.dispose();
      return [moved, { inner: next, average, count: nextCount(count) }];
    },
    estimate: ({ inner: state }, gradients) =>
      declaredEstimate("the transform in weightAverage", inner, state, gradients),
  };
}

/** min(decay, (1 + t)/(10 + t)), a scalar. Borrows t. */
function growing(decay: number, t: np.Array): np.Array {
  const steps = countAsFloat(t.ref);
  return np.minimum(steps.ref.add(1).div(steps.add(10)), decay);
}
