/** A thing to be done and how long it takes. */
export interface Task {
  readonly path: string;
  readonly cost: number;
}

/**
 * Which rank does what: the longest first, each to the rank that has least to do (the lowest of several). The busiest rank has
 * at most 4/3 of what the best assignment would give it. The same on every rank.
 * Source: Graham 1969, "Bounds on multiprocessing timing anomalies".
 */
export function shareOut(tasks: readonly Task[], ranks: number): ReadonlyMap<string, number> {
  const loads = new Array<number>(ranks).fill(0);
  const owners = new Map<string, number>();
  const longestFirst = [...tasks].sort((a, b) => b.cost - a.cost); // stable: ties stay in tree order
  for (const { path, cost } of longestFirst) {
    const rank = loads.indexOf(Math.min(...loads));
    loads[rank] = (loads[rank] ?? 0) + cost;
    owners.set(path, rank);
  }
  return owners;
}
