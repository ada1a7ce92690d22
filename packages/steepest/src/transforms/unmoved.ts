import { numpy as np } from "@jax-js/jax";

import type { StatelessTransform } from "../core/transform.ts";
import { disposeTree, mapLeaves } from "../core/tree.ts";

/** Zero for every update, whatever it is. No state. */
export function unmoved(): StatelessTransform {
  return {
    init(params) {
      disposeTree(params);
      return {};
    },
    update(updates, state, params) {
      disposeTree(params);
      return [mapLeaves((u) => np.zerosLike(u), updates), state];
    },
  };
}
