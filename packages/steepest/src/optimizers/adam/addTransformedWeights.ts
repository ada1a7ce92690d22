import type { Transform } from "../../core/transform.ts";
import { mapLeaves, refTree, type Tree } from "../../core/tree.ts";

/**
 * updates + what `branch` makes of the weights: decay that goes the way of a step of its own, past momentum and
 * past clipping.
 */
export function addTransformedWeights<S extends Tree>(branch: Transform<S>): Transform<S> {
  return {
    ...branch,
    update(updates, state, params, context) {
      const [decay, next] = branch.update(refTree(params), state, params, context);
      return [mapLeaves((u, d) => u.add(d), updates, decay), next];
    },
  };
}
