import { maxThreads } from "steepest/node";

/** The threads asked for, or all there are. Never more than these. */
export function usableThreads(asked: number | undefined): number {
  return Math.min(asked ?? maxThreads, maxThreads);
}
