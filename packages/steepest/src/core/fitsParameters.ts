import { expectSamePaths } from "./samePaths.ts";
import { namedLeaves, type Tree } from "./tree.ts";

/**
 * Throws where gradients or updates and parameters differ in their paths or in a shape, since nothing is broadcast to a
 * weight. `what` names the former: "the gradients given to chain". Borrows both.
 */
export function expectFitsParameters(what: string, given: Tree, params: Tree): void {
  const leaves = namedLeaves(params);
  const others = new Map(namedLeaves(given));
  expectSamePaths(
    leaves.map(([path]) => path),
    [...others.keys()],
    ["the parameters", what],
  );
  for (const [path, { shape }] of leaves) {
    const own = others.get(path)?.shape ?? [];
    if (own.length === shape.length && own.every((side, i) => side === shape[i])) continue;
    throw new Error(
      `"${path}" is [${own}] in ${what} and [${shape}] in the parameters; both must have one shape`,
    );
  }
}
