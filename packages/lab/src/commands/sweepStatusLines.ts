import type { SweepState } from "../sweep/sweepProgressOf.ts";
import { formatCount, formatLoss } from "../text/quantities.ts";
import { shellWord } from "../text/shellWord.ts";

/** How far a sweep is, as lines. */
export function sweepStatusLines(state: SweepState): string[] {
  const { folder, owner, finished, diverged, failed, left, best } = state;
  const lines = [
    `sweep ${folder}: ${formatCount(finished)} finished, ${formatCount(diverged)} diverged, ${formatCount(failed.length)} failed, ` +
      `${formatCount(left)} called for and not ended`,
    owner === undefined ? "nobody works on it" : `${owner} works on it`,
  ];
  for (const { label, loss, settings } of best)
    lines.push(`  ${label}: best val ${formatLoss(loss)} with ${settings}`);
  for (const { label, settings, seed, reason } of failed)
    lines.push(`  ${label}, ${settings}, seed ${seed} failed: ${reason}`);
  if (failed.length > 0) {
    const them = failed.length === 1 ? "it" : "them";
    lines.push(`  steepest sweep --resume ${shellWord(folder)} --retry failed makes ${them} again`);
  }
  return lines;
}
