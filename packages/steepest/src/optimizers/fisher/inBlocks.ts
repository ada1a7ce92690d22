import { numpy as np } from "@jax-js/jax";
import { declaredEstimate } from "../../core/estimate.ts";
import { matrixSides } from "../../core/parameters/matrixSides.ts";
import type { Transform } from "../../core/transform.ts";
import { type Arrays, disposeTree, namedLeaves, refTree, type Tree, unflattenLike } from "../../core/tree.ts";

/**
 * A transform that sees matrices with sides of at most `longest`: longer ones are cut into blocks, each a parameter of its
 * own with state of its own, named `path[row,column]`. Weights of rank above 2 are [d0, rest] if they are cut.
 */
export function inBlocks<S extends Tree>(longest: number, inner: Transform<S>): Transform<S> {
  return {
    ...(inner.period === undefined ? {} : { period: inner.period }),
    ...(inner.phaseKey === undefined ? {} : { phaseKey: inner.phaseKey.bind(inner) }),
    init: (params) => inner.init(cutTree(params, longest)),
    update(updates, state, params, context) {
      const shapes = namedLeaves(updates).map(([path, { shape }]) => [path, [...shape]] as const);
      const [moved, next] = inner.update(cutTree(updates, longest), state, cutTree(params, longest), context);
      const blocks: Arrays = Object.fromEntries(namedLeaves(moved));
      const whole = shapes.map(([path, shape]) => [path, joined(blocks, path, shape, longest)] as const);
      return [unflattenLike(updates, Object.fromEntries(whole)), next];
    },
    estimate(state, gradients) {
      const cut = cutTree(refTree(gradients), longest);
      const found = declaredEstimate("the transform in inBlocks", inner, state, cut);
      disposeTree(cut);
      if (found === undefined) return undefined;
      const blocks: Arrays = Object.fromEntries(namedLeaves(found));
      const whole = namedLeaves(gradients).map(
        ([path, { shape }]) => [path, joined(blocks, path, shape, longest)] as const,
      );
      return unflattenLike(gradients, Object.fromEntries(whole));
    },
  };
}

/** Where blocks of a side begin and end. */
function cuts(side: number, longest: number): [from: number, to: number][] {
  const count = Math.ceil(side / longest);
  return Array.from({ length: count }, (_, i) => [i * longest, Math.min(side, (i + 1) * longest)]);
}

const isCut = ([rows, cols]: readonly [number, number], longest: number): boolean =>
  rows > longest || cols > longest;

/** The name of a block of a parameter. */
const blockOf = (path: string, i: number, j: number): string => `${path}[${i},${j}]`;

/** All leaves by path, the long ones in blocks. Consumes the tree. */
function cutTree(tree: Tree, longest: number): Arrays {
  const found: Arrays = {};
  for (const [path, leaf] of namedLeaves(tree)) {
    const sides = matrixSides(leaf.shape);
    if (!isCut(sides, longest)) {
      found[path] = leaf;
      continue;
    }
    const matrix = leaf.reshape(sides);
    for (const [i, rows] of cuts(sides[0], longest).entries())
      for (const [j, cols] of cuts(sides[1], longest).entries())
        found[blockOf(path, i, j)] = matrix.ref.slice(rows, cols);
    matrix.dispose();
  }
  return found;
}

/** A parameter from its blocks. */
function joined(blocks: Arrays, path: string, shape: readonly number[], longest: number): np.Array {
  const at = (name: string): np.Array => {
    const block = blocks[name];
    if (block === undefined) throw new Error(`internal: no block "${name}"`);
    return block;
  };
  const sides = matrixSides(shape);
  if (!isCut(sides, longest)) return at(path);
  const rows = cuts(sides[0], longest).map((_, i) =>
    np.concatenate(
      cuts(sides[1], longest).map((_, j) => at(blockOf(path, i, j))),
      1,
    ),
  );
  return np.concatenate(rows, 0).reshape([...shape]);
}
