import type { numpy as np } from "@jax-js/jax";

import { type Stackable, stacksOf, throughStack } from "../core/stacks.ts";
import type { Norm } from "./norm.ts";

/** A parameter's array with the norm it is stepped in. */
export interface NormedLeaf extends Stackable {
  readonly norm: Norm;
}

/**
 * lmo of every array in its norm, in the same order; small ones of one norm and shape as one stack, where the norm can
 * (`lmoStack`). Consumes the arrays.
 */
export function lmoOfLeaves(leaves: readonly NormedLeaf[]): np.Array[] {
  const steps = new Map<NormedLeaf, np.Array>();
  for (const norm of new Set(leaves.map((leaf) => leaf.norm))) {
    const own = leaves.filter((leaf) => leaf.norm === norm);
    for (const group of groupsOf(own, norm)) {
      const results = throughStack(
        group.map(({ array }) => array),
        (g) => norm.lmo(g),
        (stack) => (norm.lmoStack ?? norm.lmo)(stack),
      );
      for (const [i, leaf] of group.entries()) {
        const result = results[i];
        if (result !== undefined) steps.set(leaf, result);
      }
    }
  }
  return leaves.map((leaf) => {
    const step = steps.get(leaf);
    if (step === undefined) throw new Error(`internal: no step for "${leaf.path}"`);
    return step;
  });
}

function groupsOf(leaves: readonly NormedLeaf[], norm: Norm): NormedLeaf[][] {
  if (norm.lmoStack === undefined) return leaves.map((leaf) => [leaf]);
  return stacksOf(leaves, ({ array, path }) => (array.ndim < 2 ? path : array.shape.join()));
}
