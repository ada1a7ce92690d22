import { availableParallelism } from "node:os";

/** The threads asked for, or the cores of this process. Never more than these. */
export function usableThreads(asked: number | undefined): number {
  return Math.min(asked ?? Number.POSITIVE_INFINITY, availableParallelism());
}
