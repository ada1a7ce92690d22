import { numpy as np } from "@jax-js/jax";

import { declaredEstimate } from "../core/estimate.ts";
import { blockPath } from "../core/parameters/blockPath.ts";
import { expectRowBlocks, type RowBlocks, rowCuts } from "../core/parameters/rowCuts.ts";
import type { Transform } from "../core/transform.ts";
import { type Arrays, disposeTree, namedLeaves, refTree, type Tree, unflattenLike } from "../core/tree.ts";

/** Whether a parameter is cut. */
export type IsCut = (path: string, shape: readonly number[]) => boolean;

/**
 * A transform that sees weights cut into blocks of rows, each a parameter of its own with state of its own, named `path[i]`:
 * a fused query, key and value projection [3n, d] moves exactly as three weights [n, d] would, whatever the method does
 * after its oracle. Convolutions are cut along dOut.
 *
 * `blocks` is a number of equal heights or a list of heights or shares (`RowBlocks`), or a function that has one by path; `isCut` says which parameters are cut,
 * by default all of rank 2 and more. Throws for rows that do not divide so.
 */
export function inRowBlocks<S extends Tree>(
  blocks: RowBlocks | ((path: string) => RowBlocks),
  inner: Transform<S>,
  isCut: IsCut = (_, { length: rank }) => rank >= 2,
): Transform<S> {
  if (typeof blocks !== "function") expectRowBlocks("inRowBlocks", blocks);
  const cuts = (path: string, rows: number): readonly [number, number][] =>
    rowCuts(path, rows, typeof blocks === "function" ? blocks(path) : blocks);
  const cutTree = (tree: Tree): Arrays => {
    const found: Arrays = {};
    for (const [path, leaf] of namedLeaves(tree)) {
      const { shape } = leaf;
      if (!isCut(path, shape)) {
        found[path] = leaf;
        continue;
      }
      for (const [i, cut] of cuts(path, shape[0] ?? 1).entries())
        found[blockPath(path, i)] = leaf.ref.slice(cut);
      leaf.dispose();
    }
    return found;
  };
  const joined = (parts: Arrays, path: string, shape: readonly number[]): np.Array => {
    const at = (name: string): np.Array => {
      const part = parts[name];
      if (part === undefined) throw new Error(`internal: no block "${name}"`);
      return part;
    };
    if (!isCut(path, shape)) return at(path);
    return np.concatenate(
      cuts(path, shape[0] ?? 1).map((_, i) => at(blockPath(path, i))),
      0,
    );
  };
  return {
    ...(inner.period === undefined ? {} : { period: inner.period }),
    ...(inner.phaseKey === undefined ? {} : { phaseKey: inner.phaseKey.bind(inner) }),
    init: (params) => inner.init(cutTree(params)),
    update(updates, state, params, context) {
      const shapes = namedLeaves(updates).map(([path, { shape }]) => [path, [...shape]] as const);
      const [moved, next] = inner.update(cutTree(updates), state, cutTree(params), context);
      const parts: Arrays = Object.fromEntries(namedLeaves(moved));
      const whole = shapes.map(([path, shape]) => [path, joined(parts, path, shape)] as const);
      return [unflattenLike(updates, Object.fromEntries(whole)), next];
    },
    estimate(state, gradients) {
      const blocks = cutTree(refTree(gradients));
      const found = declaredEstimate("the transform in inRowBlocks", inner, state, blocks);
      disposeTree(blocks);
      if (found === undefined) return undefined;
      const parts: Arrays = Object.fromEntries(namedLeaves(found));
      const whole = namedLeaves(gradients).map(
        ([path, { shape }]) => [path, joined(parts, path, shape)] as const,
      );
      return unflattenLike(gradients, Object.fromEntries(whole));
    },
  };
}
