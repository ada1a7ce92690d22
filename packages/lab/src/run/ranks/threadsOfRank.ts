import { availableParallelism, cpus } from "node:os";

import { launchedRank } from "../../collectives/launchedRank.ts";

/**
 * Threads of one of several ranks where none are asked for: the cores that its launcher bound it to, or its share of the machine's.
 */
export function threadsOfRank(
  asked: number | undefined,
  { local = launchedRank()?.local ?? 1, own = availableParallelism(), all = cpus().length } = {},
): number {
  if (asked !== undefined) return asked;
  return own < all ? own : Math.max(1, Math.floor(all / local));
}
