import { expectNumbers } from "../core/expectNumbers.ts";
import type { StatelessTransform } from "../core/transform.ts";
import { disposeTree, mapLeaves } from "../core/tree.ts";

/**
 * updates + weightDecay · params.
 *
 * At the start of a chain this is L2 regularisation; just before `scaleByLearningRate` it is decoupled decay,
 * W ← (1 − η·weightDecay) W (Loshchilov & Hutter 2017, arXiv:1711.05101).
 */
export function addDecayedWeights(weightDecay: number): StatelessTransform {
  expectNumbers("addDecayedWeights", { weightDecay }, "≥ 0");
  return {
    init(params) {
      disposeTree(params);
      return {};
    },
    update(updates, state, params) {
      if (weightDecay !== 0) return [mapLeaves((u, p) => u.add(p.mul(weightDecay)), updates, params), state];
      disposeTree(params);
      return [updates, state];
    },
  };
}
