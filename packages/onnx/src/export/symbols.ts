import { tree } from "@jax-js/jax";
import { type ArgumentTree, leavesWithPaths, OpenSpec, Spec } from "../arrays/argumentTree.ts";
import { ArgumentError } from "../arrays/errors.ts";

/** A size for each symbol. */
export type Sizes = ReadonlyMap<string, number>;

/** The names of sizes that the placeholders of an example leave open, in the order in which they come. */
export function symbolsOf(example: readonly unknown[]): string[] {
  const names = leavesWithPaths([...example]).flatMap(([, leaf]) =>
    leaf instanceof OpenSpec ? leaf.symbols : [],
  );
  return [...new Set(names.filter((name) => name !== null))];
}

/** The example with a number for every symbol. */
export function withSizes(example: readonly unknown[], sizes: Sizes): unknown[] {
  const leaves = leavesWithPaths([...example]).map(([path, leaf]) => {
    if (!(leaf instanceof OpenSpec)) return leaf;
    const shape = leaf.shape.map((n, d) => {
      const name = leaf.symbols[d];
      if (name === undefined || name === null) return n;
      const size = sizes.get(name);
      if (size === undefined) throw new ArgumentError(`argument ${path} has the unknown size "${name}"`);
      return size;
    });
    return new Spec(shape, leaf.dtype, leaf.weakType);
  });
  return tree.unflatten(tree.structure(example as ArgumentTree[]), leaves) as unknown[];
}
