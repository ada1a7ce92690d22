import { expectFitsParameters } from "./fitsParameters.ts";
import { mapLeaves, type Tree } from "./tree.ts";

/** `params + updates`, leaf by leaf, by path. Consumes both trees. Throws where paths or shapes differ. */
export function applyUpdates<T extends Tree>(params: T, updates: Tree): T {
  expectFitsParameters("the updates given to applyUpdates", updates, params);
  return mapLeaves((p, u) => p.add(u), params, updates);
}
