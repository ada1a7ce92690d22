import { describeOptimizer, optimizerNames } from "steepest";

import type { Trial } from "./trial.ts";

/** The runs that are reported, not those that look for a rate. */
export const isLong = ({ steps, seed }: Trial): boolean => steps === 300 && seed === 0;

/** An optimizer with the best of its long runs, and all its runs by rate. */
export interface Measured {
  readonly optimizer: string;
  readonly best: Trial & { readonly valLoss: number; readonly msPerStep: number };
  readonly trials: readonly Trial[];
}

/** Optimizers that were measured, the lowest loss first, and the names of those that were not, with the reason. */
export function bestTrials(trials: readonly Trial[]): {
  readonly measured: readonly Measured[];
  readonly missing: ReadonlyMap<string, string>;
} {
  const measured: Measured[] = [];
  const missing = new Map<string, string>();
  for (const optimizer of optimizerNames()) {
    const own = trials.filter((trial) => trial.optimizer === optimizer);
    const [best] = own
      .filter(isLong)
      .filter((trial): trial is Measured["best"] => trial.valLoss !== null && trial.msPerStep !== undefined)
      .sort((a, b) => a.valLoss - b.valLoss);
    const { needs } = describeOptimizer(optimizer);
    if (best !== undefined) measured.push({ optimizer, best, trials: own });
    else if (needs !== undefined) missing.set(optimizer, `needs \`context.${needs}\``);
    else missing.set(optimizer, own.length === 0 ? "not run yet" : "diverged at every rate");
  }
  measured.sort((a, b) => a.best.valLoss - b.best.valLoss);
  return { measured, missing };
}
