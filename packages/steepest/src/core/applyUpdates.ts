import { mapLeaves, type Tree } from "./tree.ts";

/** `params + updates`, leaf by leaf. Consumes both trees. */
export function applyUpdates<T extends Tree>(params: T, updates: Tree): T {
  return mapLeaves((p, u) => p.add(u), params, updates);
}
