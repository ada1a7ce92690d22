import type { numpy as np } from "@jax-js/jax";

import type { StatelessTransform } from "../core/transform.ts";
import { disposeTree, mapLeaves } from "../core/tree.ts";

/** `fn(update, weight)` for every parameter: for steps that need its weight but no state. `fn` consumes both. */
export function mapWithWeights(fn: (update: np.Array, weight: np.Array) => np.Array): StatelessTransform {
  return {
    init(params) {
      disposeTree(params);
      return {};
    },
    update: (updates, state, params) => [mapLeaves(fn, updates, params), state],
  };
}
