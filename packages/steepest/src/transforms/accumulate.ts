import { numpy as np } from "@jax-js/jax";
import { stepKey } from "../core/chain.ts";
import { declaredEstimate } from "../core/estimate.ts";
import { expectWhole } from "../core/expectNumbers.ts";
import { expectFitsParameters } from "../core/fitsParameters.ts";
import type { StepContext, Transform } from "../core/transform.ts";
import { disposeTree, mapLeaves, refTree, type Tree } from "../core/tree.ts";
import { nextCount, readPhase, zeroCount } from "./count.ts";

/** The wrapped transform's state, the sum of gradients since its last step, and how many were seen, an int32 scalar. */
export type AccumulateState<S extends Tree> = { inner: S; sum: Tree; count: np.Array };

/**
 * One step of `inner` with the mean of every `every` gradients, for batches that do not fit into memory: equal micro-batches
 * give the step of the whole batch. The gradients between move nothing, not even by weight decay, and `inner` and its
 * schedule count steps, not gradients.
 *
 * Its period is `every` times that of `inner`; a compiled step needs the phase, as `stepKey` and `compiledStep` give it: one
 * function adds, another adds and steps. Layers and other gradients of the context reach `inner` from the last of the
 * micro-batches only.
 *
 * State: that of `inner`, and one number a parameter. Throws `RangeError` where `every` is not whole and ≥ 1.
 */
export function accumulate<S extends Tree>(
  every: number,
  inner: Transform<S>,
): Transform<AccumulateState<S>> {
  expectWhole("accumulate", { every }, 1);
  const { period: own = 1 } = inner;
  const period = every * own;
  const ofInner = ({ first, ...context }: StepContext): StepContext => {
    const phase = Math.floor(context.phase / every) % own;
    // The last micro-batch of the first step looks like that of every period: `inner` asks its own count.
    const known = every === 1 ? first : phase === 0 ? undefined : false;
    return { ...context, phase, ...(known !== undefined && { first: known }) };
  };
  return {
    period,
    phaseKey(context) {
      const place = context.phase % every;
      if (place < every - 1) return place === 0 ? "put" : "add";
      const key = stepKey(inner, ofInner(context));
      return key === "" ? "step" : `step ${key}`;
    },
    init: (params) => ({
      inner: inner.init(refTree(params)),
      sum: mapLeaves((p) => np.zerosLike(p), params),
      count: zeroCount(),
    }),
    update(updates, { inner: state, sum: past, count }, params, context) {
      expectFitsParameters("the gradients given to accumulate", updates, params);
      const phase = context?.phase ?? readPhase("accumulate", count, period);
      const place = phase % every;
      if (place === 0) disposeTree(past);
      const sum = place === 0 ? updates : mapLeaves((u, s) => s.add(u), updates, past);
      const next = nextCount(count);
      if (place < every - 1) {
        disposeTree(params);
        return [mapLeaves((s) => np.zerosLike(s), refTree(sum)), { inner: state, sum, count: next }];
      }
      const [moved, kept] = inner.update(mean(sum, every), state, params, ofInner({ ...context, phase }));
      return [moved, { inner: kept, sum, count: next }];
    },
    estimate({ inner: state, sum }) {
      const gradients = mean(sum, every);
      const found = declaredEstimate("the transform in accumulate", inner, state, gradients);
      if (found === undefined) return gradients;
      disposeTree(gradients);
      return found;
    },
  };
}

/** sum / count. Borrows. */
const mean = (sum: Tree, count: number): Tree => mapLeaves((s) => s.div(count), refTree(sum));
