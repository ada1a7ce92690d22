import type { Trial } from "./trial.ts";

/** The stored trials, without those of optimizers that were measured anew, and the new ones. */
export function replaceTrials(stored: readonly Trial[], fresh: readonly Trial[]): Trial[] {
  const measured = new Set(fresh.map(({ optimizer }) => optimizer));
  return [...stored.filter(({ optimizer }) => !measured.has(optimizer)), ...fresh];
}
