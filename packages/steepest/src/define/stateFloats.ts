import { numpy as np } from "@jax-js/jax";

import { namedLeaves, type Tree } from "../core/tree.ts";

/** The number of floats a state holds; step counts are integers and are not counted. Borrows the state. */
export function stateFloats(state: Tree): number {
  return namedLeaves(state)
    .filter(([, leaf]) => leaf.dtype !== np.int32 && leaf.dtype !== np.uint32)
    .reduce((sum, [, leaf]) => sum + leaf.size, 0);
}
