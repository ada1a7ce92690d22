import { numpy as np } from "@jax-js/jax";

import { weightOfBlock } from "./parameters/blockPath.ts";

/** A leaf of a tree with its path. */
export interface Stackable {
  readonly path: string;
  readonly array: np.Array;
}

/**
 * Arrays of one shape with at most this many entries go through as one stack; 32 matrices of 64 × 64 take ONNX Runtime a
 * third of the time so; at 256 × 256 nothing is gained.
 */
export const STACK_UP_TO = 16384;

/**
 * Leaves in groups that go through a computation as one stack: those of one key with at most `stackUpTo` entries, and blocks
 * of one weight (`inRowBlocks`) of one key whatever their size. Larger ones are groups of their own. Borrows them.
 */
export function stacksOf<T extends Stackable>(
  leaves: readonly T[],
  keyOf: (leaf: T) => string,
  stackUpTo = STACK_UP_TO,
): T[][] {
  const groups = new Map<string, T[]>();
  for (const leaf of leaves) {
    const key = leaf.array.size <= stackUpTo ? keyOf(leaf) : `${weightOfBlock(leaf.path)} ${keyOf(leaf)}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [leaf]);
    else group.push(leaf);
  }
  return [...groups.values()];
}

/**
 * What `one` makes of a single array, or `many` of the stack [k, ...shape] of several of one shape, a result for each.
 * Consumes the arrays.
 */
export function throughStack(
  arrays: readonly np.Array[],
  one: (x: np.Array) => np.Array,
  many: (stack: np.Array) => np.Array,
): np.Array[] {
  const [only] = arrays;
  if (only !== undefined && arrays.length === 1) return [one(only)];
  const stack = many(np.stack([...arrays]));
  const results = arrays.map((_, i) => stack.ref.slice(i));
  stack.dispose();
  return results;
}
