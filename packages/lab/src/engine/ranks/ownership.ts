import type { Optimizer, Tree } from "steepest";

import { shareOut } from "./shareOut.ts";
import { updateCost } from "./updateCost.ts";

/** Which rank updates which parameter, and keeps its state. */
export interface Ownership {
  /** The rank that a parameter's numbers come from after a step. */
  owner(path: string): number;
  /** Whether a rank makes the update of a parameter. */
  updates(rank: number, path: string): boolean;
  /** Whether every rank makes every update, because each depends on the gradients of all. */
  readonly together: boolean;
  /** The parameters of a method that takes a sum of a number of each of them, in tree order. */
  readonly layers: readonly string[];
}

/**
 * Whole parameters by rank, so that a matrix is never cut. Where the step of one parameter depends on all the others, it is by a
 * sum that the ranks add up (`Method.sums`: Clipped Scion, GGNC), or it is made by every rank for all of them, from the same
 * gradients. Borrows the parameters.
 */
export function ownership(optimizer: Optimizer, params: Tree, ranks: number): Ownership {
  const assignments = optimizer.assign(params);
  const tasks = assignments.map((assignment) => ({ path: assignment.path, cost: updateCost(assignment) }));
  const owners = shareOut(tasks, ranks);
  const together = assignments.some(({ method }) => method.spans !== undefined && method.sums !== true);
  const layers = together
    ? []
    : assignments.flatMap(({ path, method }) => (method.spans === undefined ? [] : [path]));
  const owner = (path: string): number => {
    const found = owners.get(path);
    if (found === undefined) throw new Error(`internal: no rank owns "${path}"`);
    return found;
  };
  return { owner, updates: (rank, path) => together || owner(path) === rank, together, layers };
}
