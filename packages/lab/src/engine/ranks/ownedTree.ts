import { numpy as np } from "@jax-js/jax";
import { namedLeaves, type Tree, unflattenLike } from "steepest";

/**
 * A tree with the parameters of others as arrays without entries, for which an optimizer keeps no state and makes no update. So paths,
 * roles and groups stay those of the whole model. Consumes the tree.
 */
export function ownedTree(node: Tree, owns: (path: string) => boolean): Tree {
  const leaves = namedLeaves(node).map(([path, leaf]): [string, np.Array] => {
    if (owns(path)) return [path, leaf];
    const empty = np.zeros(leaf.shape.length === 0 ? [0] : leaf.shape.map(() => 0), { dtype: leaf.dtype });
    leaf.dispose();
    return [path, empty];
  });
  return unflattenLike(node, Object.fromEntries(leaves));
}
