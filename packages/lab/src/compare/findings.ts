import { formatDuration } from "../text/formatDuration.ts";
import { formatCount, formatLoss, formatShare } from "../text/quantities.ts";
import type { CompareRow } from "./compareRow.ts";
import { type OptimizerSummary, summarizeRows } from "./summarizeRows.ts";

/** What a comparison showed: one sentence to lead with, and the rest. */
export interface Findings {
  readonly headline: string;
  readonly details: readonly string[];
}

/** Sentences that say no more than the rows do: ties of seeds are called ties, runs that stopped are named. */
export function findingsOf(rows: readonly CompareRow[]): Findings {
  const summaries = summarizeRows(rows);
  const ranked = summaries
    .flatMap((summary) => (summary.valLoss ? [{ summary, loss: summary.valLoss }] : []))
    .sort((a, b) => a.loss.mean - b.loss.mean);
  const [best, second] = ranked;
  const stopped = stoppedSentences(summaries);
  if (best === undefined) return { headline: "No run finished.", details: stopped };

  const details: string[] = [];
  if (second !== undefined) {
    const seeds = Math.min(best.loss.values.length, second.loss.values.length);
    const apart = Math.max(...best.loss.values) < Math.min(...second.loss.values);
    if (seeds > 1 && !apart) {
      details.push(
        `The seeds of ${best.summary.label} and ${second.summary.label} overlap: with ${seeds} seeds they cannot be told apart.`,
      );
    } else if (seeds === 1) {
      details.push("One seed each: differences as small as those between two seeds may be chance.");
    }
  }
  const reference = summaries[0];
  const winner = best.summary;
  if (reference && winner !== reference) details.push(...reachSentence(winner, reference));
  return {
    headline:
      second === undefined
        ? `${winner.label} ended at a validation loss of ${formatLoss(best.loss.mean)}.`
        : `${winner.label} ended lowest, at a validation loss of ${formatLoss(best.loss.mean)}; ` +
          `${second.summary.label} follows at ${formatLoss(second.loss.mean)}.`,
    details: [...details, ...stopped],
  };
}

function reachSentence(winner: OptimizerSummary, reference: OptimizerSummary): string[] {
  const reach = winner.stepsToReference;
  const total = reference.rows[0]?.steps;
  if (!reach || !total || reach.values.length < winner.rows.length) return [];
  const [fast, slow] = [winner.msPerStep?.mean, reference.msPerStep?.mean];
  const time =
    fast === undefined || slow === undefined
      ? ""
      : ` That is ${formatDuration((reach.mean * fast) / 1000)} of training against ${formatDuration((total * slow) / 1000)}.`;
  return [
    `${winner.label} needed ${formatCount(Math.round(reach.mean))} steps to where ${reference.label} was after ` +
      `${formatCount(total)} (${formatShare(reach.mean / total)} of them).${time}`,
  ];
}

function stoppedSentences(summaries: readonly OptimizerSummary[]): string[] {
  return summaries.flatMap(({ label, rows }) => {
    const diverged = rows.filter(({ status }) => status === "diverged");
    const at = diverged.map(({ seed, steps }) => `at step ${formatCount(steps)} with seed ${seed}`);
    return [
      ...(at.length > 0 ? [`${label} diverged: its loss was no longer a number ${at.join(", ")}.`] : []),
      ...rows
        .filter(({ status }) => status === "interrupted")
        .map(({ seed, steps }) => `${label} with seed ${seed} was stopped after step ${formatCount(steps)}.`),
      ...rows
        .filter(({ status }) => status === "failed")
        .map(
          ({ seed, error }) => `${label} failed with seed ${seed}${error === undefined ? "." : `: ${error}`}`,
        ),
    ];
  });
}
