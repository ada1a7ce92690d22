import type { CompareRow } from "../../compare/compareRow.ts";
import type { SweepFile } from "../../sweep/sweepFile.ts";
import type { OptimizerFinding } from "../../sweep/sweepSummary.ts";
import type { Trial } from "../../sweep/trial.ts";

/** All that a page about a sweep needs. */
export interface SweepReport {
  readonly file: SweepFile;
  /** Every run that has ended, in the order in which they were called for. */
  readonly made: readonly { readonly trial: Trial; readonly row: CompareRow }[];
  readonly findings: readonly OptimizerFinding[];
  readonly complete: boolean;
}
