import type { CompareRow } from "./compareRow.ts";
import { holm, type PairedTest, pairedTest } from "./pairedTest.ts";
import type { OptimizerSummary } from "./summarizeRows.ts";

/** An optimizer beside the one with the least mean validation loss. */
export interface Standing {
  readonly label: string;
  /** Of its validation losses minus those of the best, seed by seed; p is corrected for the number of optimizers (Holm). */
  readonly test: PairedTest;
  /** The difference is more than chance makes: p < 0.05. */
  readonly apart: boolean;
}

/** Below this, intervals are so wide that they say nothing. */
export const LEAST_SEEDS = 3;
const LEVEL = 0.05;

/**
 * Every other optimizer beside `best`, over the seeds that both finished. Those with fewer than three such seeds are missing: too
 * few to tell anything apart.
 */
export function standingsBeside(best: OptimizerSummary, summaries: readonly OptimizerSummary[]): Standing[] {
  const tested = summaries.flatMap((summary) => {
    if (summary === best) return [];
    const pairs = summary.rows.flatMap((row) => {
      const other = best.rows.find(({ seed }) => seed === row.seed);
      const losses = [lossOf(row), lossOf(other)] as const;
      return losses[0] === undefined || losses[1] === undefined ? [] : [[losses[0], losses[1]] as const];
    });
    if (pairs.length < LEAST_SEEDS) return [];
    const test = pairedTest(
      pairs.map(([own]) => own),
      pairs.map(([, others]) => others),
    );
    return test === undefined ? [] : [{ label: summary.label, test }];
  });
  const corrected = holm(tested.map(({ test }) => test.p));
  return tested.map(({ label, test }, i) => {
    const p = corrected[i] ?? 1;
    return { label, test: { ...test, p }, apart: p < LEVEL };
  });
}

const lossOf = (row: CompareRow | undefined): number | undefined =>
  row?.status === "finished" && row.valLoss !== null ? row.valLoss : undefined;
