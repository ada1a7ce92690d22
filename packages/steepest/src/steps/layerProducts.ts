import type { LayerNumbers } from "../core/transform.ts";
import { namedLeaves, type Tree } from "../core/tree.ts";
import { inner } from "../matrix/reduce.ts";

/** ⟨a, b⟩ leaf by leaf of two trees of one structure. Consumes both. */
export function layerProducts(a: Tree, b: Tree): LayerNumbers {
  const others = new Map(namedLeaves(b));
  return new Map(
    namedLeaves(a).map(([path, leaf]) => {
      const other = others.get(path);
      if (other === undefined) throw new Error(`innerProduct: the second tree has no "${path}"`);
      return [path, inner(leaf, other)];
    }),
  );
}
