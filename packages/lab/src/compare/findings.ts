import { formatDuration } from "../text/formatDuration.ts";
import { formatCount, formatCountOf, formatLoss, formatShare } from "../text/quantities.ts";
import type { CompareRow } from "./compareRow.ts";
import { LEAST_SEEDS, standingsBeside } from "./standing.ts";
import { type OptimizerSummary, summarizeRows } from "./summarizeRows.ts";

/** What a comparison showed: one sentence to lead with, and the rest. */
export interface Findings {
  readonly headline: string;
  readonly details: readonly string[];
}

/**
 * Sentences that say no more than the rows do: what seeds cannot tell apart is called so, by paired t-tests with Holm's
 * correction; runs that stopped are named.
 */
export function findingsOf(rows: readonly CompareRow[]): Findings {
  const summaries = summarizeRows(rows);
  const ranked = summaries
    .flatMap((summary) => (summary.valLoss ? [{ summary, loss: summary.valLoss }] : []))
    .sort((a, b) => a.loss.mean - b.loss.mean);
  const [best, second] = ranked;
  const stopped = stoppedSentences(summaries);
  if (best === undefined) return { headline: "No run finished.", details: stopped };

  const details = second === undefined ? [] : standingSentences(best.summary, summaries);
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

/** How sure one can be of the order: by seeds that optimizers share. */
function standingSentences(best: OptimizerSummary, summaries: readonly OptimizerSummary[]): string[] {
  const seeds = new Set(summaries.flatMap(({ rows }) => rows.map(({ seed }) => seed))).size;
  if (seeds === 1) return ["One seed each: differences as small as those between two seeds may be chance."];
  if (seeds < LEAST_SEEDS) {
    return [
      `${seeds} seeds are too few to tell optimizers apart; with --seeds 0,1,2,3,4 an interval says how far they are.`,
    ];
  }
  const standings = standingsBeside(best, summaries);
  const sentences = standings
    .filter(({ apart }) => apart)
    .map(
      ({ label, test }) =>
        `${label} is ${formatLoss(test.mean)} above ${best.label} (95 % interval ${formatLoss(test.low)} to ` +
        `${formatLoss(test.high)} over ${test.pairs} seeds, p ${formatP(test.p)}).`,
    );
  const tied = standings.filter(({ apart }) => !apart);
  if (tied.length > 0) {
    const each = tied.map(
      ({ label, test }) => `${label} (${formatLoss(test.low)} to ${formatLoss(test.high)} above it)`,
    );
    sentences.push(`Cannot be told apart from ${best.label} with these seeds: ${each.join(", ")}.`);
  }
  return sentences;
}

const formatP = (p: number): string => (p < 0.001 ? "< 0.001" : `= ${p.toPrecision(2)}`);

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
    `${winner.label} needed ${formatCountOf(Math.round(reach.mean), "step")} to where ${reference.label} was after ` +
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
