import type { numpy as np } from "@jax-js/jax";
import { namedLeaves, type Tree } from "../core/tree.ts";
import { inner } from "../matrix/reduce.ts";

/** ⟨a, b⟩ over all leaves of two trees of one structure, a scalar. Consumes both. */
export function innerProduct(a: Tree, b: Tree): np.Array {
  const others = new Map(namedLeaves(b));
  const products = namedLeaves(a).map(([path, leaf]) => {
    const other = others.get(path);
    if (other === undefined) throw new Error(`innerProduct: the second tree has no "${path}"`);
    return inner(leaf, other);
  });
  return products.reduce((sum, product) => sum.add(product));
}
