import type { JsonOptions } from "../plan/runPlan.ts";
import type { Trial } from "./trial.ts";

/** What a trial came to: its final validation loss, null where it diverged or failed. */
export interface Outcome {
  readonly trial: Trial;
  readonly loss: number | null;
}

/** A point with the outcomes of all its seeds at one length. */
export interface Scored {
  readonly settings: JsonOptions;
  /** Mean over the seeds; Infinity where one of them has no loss. */
  readonly loss: number;
  readonly losses: readonly (number | null)[];
}

/** The points of one optimizer at one length of runs, the best first; equals keep the order in which they were made. */
export function scorePoints(outcomes: readonly Outcome[], label: string, share: number): Scored[] {
  const groups = new Map<string, { settings: JsonOptions; losses: (number | null)[] }>();
  for (const { trial, loss } of outcomes) {
    if (trial.label !== label || trial.share !== share) continue;
    const key = JSON.stringify(trial.settings);
    const group = groups.get(key) ?? { settings: trial.settings, losses: [] };
    group.losses.push(loss);
    groups.set(key, group);
  }
  return [...groups.values()]
    .map(({ settings, losses }) => ({ settings, losses, loss: mean(losses) }))
    .sort((a, b) => (a.loss === b.loss ? 0 : a.loss - b.loss));
}

const mean = (losses: readonly (number | null)[]): number =>
  losses.reduce<number>((sum, loss) => sum + (loss ?? Number.POSITIVE_INFINITY), 0) / losses.length;
