import { join } from "node:path";
import { replaceFile } from "@steepest/models/node";
import { createCompareFolder } from "../compare/compareFolder.ts";
import type { CompareRow } from "../compare/compareRow.ts";
import type { PlannedRun } from "../compare/planComparison.ts";
import { type RateRemarks, rateRemarks } from "../compare/rateRemarks.ts";
import { type ComparedRun, type CompareObserver, runComparison } from "../compare/runComparison.ts";
import { type Runner, runHere } from "../compare/runner.ts";
import type { RateTrial } from "../compare/tuneRates.ts";
import { fileError } from "../files/fileError.ts";
import type { PreparedRun } from "../prepare/preparedRun.ts";
import { prepareRun } from "../prepare/prepareRun.ts";
import { describeEnvironment } from "../run/environment.ts";
import { describeComparison } from "./describeComparison.ts";
import { renderReport } from "./renderReport.ts";

export interface CompareIo {
  /** The folder of the comparison, new or empty. Default `runs/<date>-compare`. */
  readonly out?: string | undefined;
  /** What to type to repeat it, for the report. */
  readonly command: string;
  /** Default: in this process, one run after the other. */
  readonly runner?: Runner;
  /** Called with the runs that are about to be made, once. */
  readonly observe?: (planned: readonly PlannedRun[]) => CompareObserver;
  /** When aborted, the current run ends with a checkpoint, no further one begins, and the rest is reported. */
  readonly signal?: AbortSignal;
  /** Finds rates first, into a folder of its own, and says which runs to make instead. */
  readonly tune?: (folder: string) => Promise<{
    readonly planned: readonly PlannedRun[];
    readonly trials: readonly RateTrial[];
  }>;
}

/** What `steepest compare --json` prints, and the curves. */
export interface CompareResult {
  readonly rows: readonly CompareRow[];
  readonly runs: readonly ComparedRun[];
  /** The path of `report.html`. */
  readonly report: string;
  readonly interrupted: boolean;
  /** The rates in force, and what is unfair about them. */
  readonly remarks: RateRemarks;
}

/**
 * Makes the planned runs into one folder, with `report.html` and `compare.json` (the rows) beside the run folders. Data
 * and model are read once before the folder is made, so that what cannot work fails with nothing written. A run that
 * diverges or fails gives a row that says so. Rejects with `DataError`, `ConfigError`, `OptionError` or `FileError`.
 */
export async function compareOptimizers(given: readonly PlannedRun[], io: CompareIo): Promise<CompareResult> {
  const [first] = given;
  if (first === undefined) throw new Error("a comparison needs at least one run");
  const created = new Date();
  const prepared = await prepareRun(first.plan);
  const { folder, lock } = createCompareFolder(io.out, created);
  try {
    return await compareInto(folder, given, { io, created, prepared });
  } finally {
    lock.release();
  }
}

interface Begun {
  readonly io: CompareIo;
  readonly created: Date;
  readonly prepared: PreparedRun;
}

async function compareInto(
  folder: string,
  given: readonly PlannedRun[],
  { io, created, prepared }: Begun,
): Promise<CompareResult> {
  const { planned, trials } = (await io.tune?.(join(folder, "tuning"))) ?? { planned: given, trials: [] };
  const table = join(folder, "compare.json");
  const { rates } = rateRemarks(planned);
  const writeRows = (rows: readonly CompareRow[]): void => {
    try {
      replaceFile(table, `${JSON.stringify({ command: io.command, rates, trials, rows }, null, 2)}\n`);
    } catch (error) {
      throw fileError("write the rows of the comparison", table, error);
    }
  };
  const observer = io.observe?.(planned);
  const ended: CompareRow[] = [];
  const { runs, interrupted } = await runComparison(planned, {
    folder,
    runner: io.runner ?? runHere,
    signal: io.signal,
    observer: {
      ...observer,
      onRunEnd(run, row) {
        observer?.onRunEnd?.(run, row);
        ended.push(row);
        writeRows(ended); // a kill loses the run on its way, not those before
      },
    },
  });
  const environment = describeEnvironment();
  const page = renderReport(
    describeComparison(runs, { planned, prepared, environment, command: io.command, created }),
  );
  const rows = runs.map(({ row }) => row);
  const remarks = rateRemarks(planned);
  const report = join(folder, "report.html");
  try {
    replaceFile(report, page);
    writeRows(rows);
  } catch (error) {
    throw fileError("write the report", report, error);
  }
  return { rows, runs, report, interrupted, remarks };
}
