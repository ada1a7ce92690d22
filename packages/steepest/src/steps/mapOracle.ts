import type { numpy as np } from "@jax-js/jax";

import { stepsByGradients } from "../core/estimate.ts";
import type { StatelessTransform } from "../core/transform.ts";
import { type Arrays, disposeTree, namedLeaves, refTree, unflattenLike } from "../core/tree.ts";
import { lmoOfLeaves } from "../norms/lmoOfLeaves.ts";
import type { Norm } from "../norms/norm.ts";

/**
 * `fn(u, lmo(u))` of every update u on its own; small updates of one shape go through the oracle as one stack where the
 * norm can. Stateless. `fn` borrows u and consumes lmo(u).
 */
export function mapOracle(
  norm: Norm,
  fn: (update: np.Array, step: np.Array) => np.Array,
): StatelessTransform {
  return {
    init(params) {
      disposeTree(params);
      return {};
    },
    update(updates, state, params) {
      disposeTree(params);
      const steps = lmoOfLeaves(
        namedLeaves(refTree(updates)).map(([path, array]) => ({ path, array, norm })),
      );
      const done: Arrays = {};
      for (const [i, [path, update]] of namedLeaves(updates).entries()) {
        const step = steps[i];
        if (step === undefined) throw new Error(`internal: no step for "${path}"`);
        done[path] = fn(update, step);
        update.dispose();
      }
      return [unflattenLike(updates, done), state];
    },
    estimate: stepsByGradients,
  };
}
