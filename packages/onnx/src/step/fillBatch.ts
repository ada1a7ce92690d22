import type { Array as JaxArray } from "@jax-js/jax";
import {
  describeSpec,
  isArray,
  type LeafSpec,
  leafSpec,
  leavesWithPaths,
  Spec,
} from "../arrays/argumentTree.ts";
import { toTensor } from "../arrays/boundary.ts";
import type { TensorData } from "../arrays/dtype.ts";
import { ArgumentError } from "../arrays/errors.ts";

type FeedLeaf = JaxArray | number | boolean | ArrayLike<number>;

/**
 * Copies a feed into the batch's arrays. Leaves: typed arrays or lists of numbers of the right length,
 * numbers for whole arrays, jax-js arrays of the right shape, which are used up.
 *
 * Throws `ArgumentError` for a leaf that is missing, unknown, or of another size or type; then nothing was copied that
 * a later call would not overwrite.
 */
export async function fillBatch(
  feed: unknown,
  specs: readonly LeafSpec[],
  targets: readonly TensorData[],
): Promise<void> {
  const leaves = new Map(feedLeaves(feed));
  const known = new Set(specs.map(({ path }) => path));
  const extra = [...leaves.keys()].find((path) => !known.has(path));
  if (extra !== undefined)
    throw new ArgumentError(
      `the feed has "${extra}", which the batch lacks; it has ${[...known].map((path) => `"${path}"`).join(", ")}`,
    );
  for (const [i, spec] of specs.entries()) {
    const leaf = leaves.get(spec.path);
    const target = targets[i];
    if (leaf === undefined || target === undefined)
      throw new ArgumentError(
        `the batch lacks "${spec.path}" (${describeSpec(spec)}); it has ${[...leaves.keys()].map((path) => `"${path}"`).join(", ")}`,
      );
    if (isArray(leaf)) {
      const given = leafSpec(spec.path, leaf);
      if (describeSpec(given) !== describeSpec(spec)) throw differs(spec, `is ${describeSpec(given)}`);
      target.set(await toTensor(leaf, spec.dtype));
    } else if (typeof leaf === "number" || typeof leaf === "boolean") target.fill(Number(leaf));
    else {
      if (leaf.length !== target.length) throw differs(spec, `has ${leaf.length} elements`);
      target.set(leaf);
    }
  }
}

const differs = (spec: LeafSpec, what: string): ArgumentError =>
  new ArgumentError(`batch "${spec.path}" ${what}, the step was compiled for ${describeSpec(spec)}`);

/** Like `leavesWithPaths`, with typed arrays and lists of numbers as leaves too. */
function feedLeaves(node: unknown, path = ""): [path: string, leaf: FeedLeaf][] {
  const below = (key: string | number): string => (path === "" ? `${key}` : `${path}.${key}`);
  const isNumbers = Array.isArray(node) && node.length > 0 && node.every((x) => typeof x === "number");
  if (isNumbers || ArrayBuffer.isView(node)) return [[path, node as ArrayLike<number>]];
  if (Array.isArray(node)) return node.flatMap((child, i) => feedLeaves(child, below(i)));
  if (typeof node === "object" && node !== null && node.constructor === Object)
    return Object.entries(node).flatMap(([key, child]) => feedLeaves(child, below(key)));
  return leavesWithPaths(node, path).map(([p, leaf]): [string, FeedLeaf] => {
    if (leaf instanceof Spec) throw new ArgumentError(`batch "${p}" is a placeholder: pass its elements`);
    return [p, leaf];
  });
}
