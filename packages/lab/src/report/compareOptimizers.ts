import { resolve } from "node:path";
import { createCompareFolder } from "../compare/compareFolder.ts";
import { type ComparisonFile, readComparison } from "../compare/comparisonFile.ts";
import { memoryAtOnce } from "../compare/memoryAtOnce.ts";
import type { PlannedRun } from "../compare/planComparison.ts";
import { rateRemarks } from "../compare/rateRemarks.ts";
import { lockFolder } from "../files/folderLock.ts";
import { jobFacts } from "../prepare/jobFacts.ts";
import type { PreparedRun } from "../prepare/preparedRun.ts";
import { prepareRun } from "../prepare/prepareRun.ts";
import { describeEnvironment } from "../run/environment.ts";
import { type CompareResult, type ContinueIo, continueComparison } from "./continueComparison.ts";

export interface CompareIo extends ContinueIo {
  /** The folder of the comparison, new or empty. Default `runs/<date>-compare`. */
  readonly out?: string | undefined;
  /** What to type to repeat it, for the report. */
  readonly command: string;
  /** Runs at once, where somebody said so, for a resume. */
  readonly parallel?: number | undefined;
  /** Search for rates first, see `tuneRates`. */
  readonly tune?: boolean;
}

/**
 * Makes the planned runs into one folder, with `report.html` and `compare.json` (plans and rows) beside the run folders.
 * Data and model are read once before the folder is made, so that what cannot work fails with nothing written. A run that
 * diverges or fails gives a row that says so. Rejects with `DataError`, `ConfigError`, `OptionError` or `FileError`.
 */
export async function compareOptimizers(
  planned: readonly PlannedRun[],
  io: CompareIo,
): Promise<CompareResult> {
  const [first] = planned;
  if (first === undefined) throw new Error("a comparison needs at least one run");
  const created = new Date();
  const prepared = await prepareRun(first.plan);
  sayHowManyAtOnce(planned, prepared, io);
  const { folder, lock } = createCompareFolder(io.out, created);
  try {
    const state: ComparisonFile = {
      format: 1,
      command: io.command,
      created: created.toISOString(),
      environment: describeEnvironment(),
      facts: jobFacts(prepared),
      ...(io.parallel !== undefined && { parallel: io.parallel }),
      tune: io.tune === true ? "asked" : "no",
      planned,
      rates: rateRemarks(planned).rates,
      trials: [],
      rows: [],
    };
    return await continueComparison(folder, state, io);
  } finally {
    lock.release();
  }
}

/**
 * Goes on with a comparison that was stopped or killed, from its `compare.json`: runs that finished or diverged are kept,
 * one that was on its way is resumed from its checkpoint, one that failed is tried again. The result is that of a
 * comparison that was never stopped. Rejects with `FileError` where the folder is none of a comparison, or in use.
 */
export async function resumeComparison(directory: string, io: ContinueIo): Promise<CompareResult> {
  const folder = resolve(directory);
  const { planned } = readComparison(folder); // before anything is written there
  const [first] = planned;
  if (first !== undefined && (io.atOnce ?? 1) > 1)
    sayHowManyAtOnce(planned, await prepareRun(first.plan), io);
  const lock = lockFolder(folder, "folder of the comparison");
  try {
    return await continueComparison(folder, readComparison(folder), { ...io, resume: true });
  } finally {
    lock.release();
  }
}

function sayHowManyAtOnce(
  planned: readonly PlannedRun[],
  prepared: PreparedRun,
  { atOnce = 1, report }: ContinueIo,
): void {
  if (atOnce > 1) report?.(`${atOnce} runs at once: ${memoryAtOnce(planned, prepared, atOnce)}`);
}
