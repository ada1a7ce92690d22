import { type numpy as np, tree } from "@jax-js/jax";

/** A nested object or list with arrays at its leaves (jax-js's pytree). */
export type Tree = tree.JsTree<np.Array>;

/** A flat tree: one array per parameter, keyed by its path in the tree it came from. */
export type Arrays = Record<string, np.Array>;

/** The state of a transform that has none. */
export type Stateless = Record<string, never>;

/** True for a leaf: an array, or the tracer that stands for one inside `jit` and `grad`. */
function isLeaf(node: Tree): node is np.Array {
  return typeof (node as { dispose?: unknown }).dispose === "function";
}

/**
 * The leaves of a tree with their paths: `{ blocks: [{ w }] }` gives `["blocks.0.w", w]`.
 * Borrows: no reference is taken or given up. Throws when two leaves have the same path.
 */
export function namedLeaves(node: Tree): [path: string, leaf: np.Array][] {
  const found: [string, np.Array][] = [];
  const seen = new Set<string>();
  const visit = (child: Tree, path: string): void => {
    if (isLeaf(child)) {
      if (seen.has(path))
        throw new Error(`two parameters have the path "${path}": a key must not contain "."`);
      seen.add(path);
      found.push([path, child]);
    } else {
      for (const [key, value] of Object.entries(child)) visit(value, path === "" ? key : `${path}.${key}`);
    }
  };
  visit(node, "");
  return found;
}

/** A tree of the shape of `like`, its leaves taken from `arrays` by path. Borrows `like`, moves `arrays`. */
export function unflattenLike<T extends Tree>(like: T, arrays: Arrays): T {
  const build = (node: Tree, path: string): Tree => {
    if (isLeaf(node)) {
      const leaf = arrays[path];
      if (leaf === undefined) throw new Error(`internal: no array for "${path}"`);
      return leaf;
    }
    const at = (key: string | number): string => (path === "" ? `${key}` : `${path}.${key}`);
    if (Array.isArray(node)) return node.map((child, i) => build(child, at(i)));
    return Object.fromEntries(Object.entries(node).map(([key, child]) => [key, build(child, at(key))]));
  };
  return build(like, "") as T;
}

/** Applies `fn` to corresponding leaves; keeps the type of the first tree. Moves every tree. */
export function mapLeaves<T extends Tree>(
  fn: (...leaves: np.Array[]) => np.Array,
  first: T,
  ...rest: Tree[]
): T {
  return tree.map(fn, first as Tree, ...rest) as T;
}

/** Every leaf referenced once more. */
export function refTree<T extends Tree>(node: T): T {
  return tree.ref(node);
}

/** Gives up every leaf. */
export function disposeTree(node: Tree): void {
  tree.dispose(node);
}
