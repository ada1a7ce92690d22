import type { numpy as np } from "@jax-js/jax";

import type { Tree } from "../core/tree.ts";
import { layerProducts } from "./layerProducts.ts";

/** ⟨a, b⟩ over all leaves of two trees of one structure, a scalar. Consumes both. */
export function innerProduct(a: Tree, b: Tree): np.Array {
  return [...layerProducts(a, b).values()].reduce((sum, product) => sum.add(product));
}
