import type { numpy as np } from "@jax-js/jax";

import { matrixSides } from "../parameters/matrixSides.ts";
import type { StatelessTransform } from "../transform.ts";
import { disposeTree, mapLeaves } from "../tree.ts";

/** `fn(update, weight)` on every parameter as a matrix [d0, rest]. Stateless. `fn` consumes both. */
export function onMatrices(fn: (update: np.Array, weight: np.Array) => np.Array): StatelessTransform {
  return {
    init(params) {
      disposeTree(params);
      return {};
    },
    update(updates, state, params) {
      const moved = mapLeaves(
        (u, w) => {
          const { shape } = u;
          const sides = matrixSides(shape);
          return fn(u.reshape(sides), w.reshape(sides)).reshape(shape);
        },
        updates,
        params,
      );
      return [moved, state];
    },
  };
}
