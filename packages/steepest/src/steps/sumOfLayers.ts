import type { numpy as np } from "@jax-js/jax";

import type { LayerNumbers, StepContext } from "../core/transform.ts";
import type { Tree } from "../core/tree.ts";

/**
 * The sum of a number of every layer, in tree order: of the layers at hand and, where the context has them, of those that others
 * update. `waiting`: what the step goes on with when it has the sum. Consumes the numbers and borrows the tree.
 */
export function sumOfLayers(own: LayerNumbers, waiting: Tree, context: StepContext | undefined): np.Array {
  const all = context?.allLayers?.(own, waiting) ?? own;
  return [...all.values()].reduce((sum, number) => sum.add(number));
}
