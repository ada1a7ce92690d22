import { numpy as np } from "@jax-js/jax";

import { stepsByGradients } from "../core/estimate.ts";
import { matrixSides } from "../core/parameters/matrixSides.ts";
import type { StatelessTransform } from "../core/transform.ts";
import { type Arrays, disposeTree, namedLeaves, unflattenLike } from "../core/tree.ts";
import { weightOfBlock } from "./inRowBlocks.ts";

export interface MapMatricesOptions {
  /**
   * Matrices of one shape with at most this many entries go through as one batch [k, m, n]; 0 for never. Default
   * 16384: 32 matrices of 64 × 64 take ONNX Runtime a third of the time so; at 256 × 256 nothing is gained.
   * Blocks of one weight (`inRowBlocks`) go through together whatever their size.
   */
  readonly stackUpTo?: number;
}

/**
 * `fn` applied to every update as a matrix [d0, rest], small ones of one shape stacked to a batch. `fn` must treat the matrices of a batch independently, keep the shape and consume its argument.
 * Throws for a vector, which is no matrix worth the name: give it to another method.
 */
export function mapMatrices(
  name: string,
  fn: (batch: np.Array) => np.Array,
  { stackUpTo = 16384 }: MapMatricesOptions = {},
): StatelessTransform {
  return {
    init(params) {
      disposeTree(params);
      return {};
    },
    update(updates, state, params) {
      disposeTree(params);
      const done: Arrays = {};
      for (const leaves of batches(name, namedLeaves(updates), stackUpTo)) {
        const results = mapGroup(
          fn,
          leaves.map(([, leaf]) => leaf),
        );
        for (const [i, [path]] of leaves.entries()) {
          const result = results[i];
          if (result === undefined) throw new Error(`internal: ${name} lost "${path}"`);
          done[path] = result;
        }
      }
      return [unflattenLike(updates, done), state];
    },
    estimate: stepsByGradients,
  };
}

type Leaf = [path: string, leaf: np.Array];

/** Leaves that go through together: small ones, and blocks of one weight, of the same matrix sides. Borrows them. */
function batches(name: string, leaves: readonly Leaf[], stackUpTo: number): Iterable<Leaf[]> {
  const groups = new Map<string, Leaf[]>();
  for (const [path, leaf] of leaves) {
    if (leaf.ndim < 2)
      throw new Error(`${name}: a weight must have rank 2 or more, got "${path}" of shape [${leaf.shape}]`);
    const sides = matrixSides(leaf.shape).join("×");
    const key = leaf.size <= stackUpTo ? sides : `${weightOfBlock(path)} ${sides}`;
    groups.set(key, [...(groups.get(key) ?? []), [path, leaf]]);
  }
  return groups.values();
}

/** Each leaf's result, in its shape. Consumes the leaves, which have the same sides. */
function mapGroup(fn: (batch: np.Array) => np.Array, leaves: readonly np.Array[]): np.Array[] {
  const shapes = leaves.map(({ shape }) => shape);
  const [first] = shapes;
  if (first === undefined) return [];
  const parts = leaves.map((leaf) => leaf.reshape(matrixSides(first)));
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return [fn(only).reshape(first)];
  const batch = fn(np.stack(parts));
  const results = shapes.map((shape, i) => batch.ref.slice(i).reshape(shape));
  batch.dispose();
  return results;
}
