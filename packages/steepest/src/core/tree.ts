import { type numpy as np, tree } from "@jax-js/jax";

import { expectSamePaths } from "./samePaths.ts";

/** A nested object or list with arrays at its leaves (jax-js's pytree). */
export type Tree = tree.JsTree<np.Array>;

/** A flat tree: one array per parameter, keyed by its path in the tree it came from. */
export type Arrays = Record<string, np.Array>;

/** The state of a transform that has none. */
export type Stateless = Record<string, never>;

/** True for a leaf: an array, or the tracer that stands for one inside `jit` and `grad`. */
function isLeaf(node: Tree): node is np.Array {
  return typeof (node as { dispose?: unknown } | null | undefined)?.dispose === "function";
}

/** Refuses what is neither an array nor a list or object of them: a typed array, a number, nothing. */
function expectBranch(node: Tree, path: string): void {
  const given: unknown = node;
  if (typeof given === "object" && given !== null && !ArrayBuffer.isView(given)) return;
  const at = path === "" ? "the tree" : `"${path}"`;
  const [what, remedy] = ArrayBuffer.isView(given)
    ? [`a ${given.constructor.name}`, "wrap it: np.array(values), and .reshape(shape) for a matrix"]
    : [
        given === null ? "null" : typeof given === "number" ? "a number" : typeof given,
        "make it one by np.array",
      ];
  throw new TypeError(
    `${at} is ${what}, where a jax-js array or a list or object of arrays is expected; ${remedy}`,
  );
}

/**
 * The leaves of a tree with their paths: `{ blocks: [{ w }] }` gives `["blocks.0.w", w]`.
 * Borrows: no reference is taken or given up. Throws when two leaves have the same path, and for a leaf that is no array.
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
      expectBranch(child, path);
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

/**
 * Applies `fn` to the leaves of one path, whatever the order of keys; the result is in the structure of the first tree.
 * Moves every tree. Throws where a path is in one tree and not in another, and names it.
 */
export function mapLeaves<T extends Tree>(
  fn: (...leaves: np.Array[]) => np.Array,
  first: T,
  ...rest: Tree[]
): T {
  const leaves = namedLeaves(first);
  const paths = leaves.map(([path]) => path);
  const others = rest.map((other) => new Map(namedLeaves(other)));
  for (const [i, other] of others.entries())
    expectSamePaths(paths, [...other.keys()], ["the first tree", `tree ${i + 2} of ${rest.length + 1}`]);
  const mapped: Arrays = {};
  for (const [path, leaf] of leaves)
    mapped[path] = fn(leaf, ...others.flatMap((other) => other.get(path) ?? []));
  return unflattenLike(first, mapped);
}

/** Every leaf referenced once more. */
export function refTree<T extends Tree>(node: T): T {
  return tree.ref(node);
}

/** Gives up every leaf. */
export function disposeTree(node: Tree): void {
  tree.dispose(node);
}
