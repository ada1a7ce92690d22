import { join } from "node:path";
import { replaceFile } from "@steepest/models/node";
import type { CompareObserver } from "../compare/compareObserver.ts";
import type { CompareRow } from "../compare/compareRow.ts";
import { type ComparisonFile, writeComparison } from "../compare/comparisonFile.ts";
import { ComparisonInterruptedError } from "../compare/comparisonInterruptedError.ts";
import type { ComparedRun } from "../compare/makeRun.ts";
import type { PlannedRun } from "../compare/planComparison.ts";
import { type RateRemarks, rateRemarks } from "../compare/rateRemarks.ts";
import { runComparison } from "../compare/runComparison.ts";
import { type Runner, runHere } from "../compare/runner.ts";
import { sameTrial, tuneRates } from "../compare/tuneRates.ts";
import { fileError } from "../files/fileError.ts";
import { RunInterruptedError } from "../run/runErrors.ts";
import { formatCountOf } from "../text/quantities.ts";
import { describeComparison } from "./describeComparison.ts";
import { writePathPicture } from "./paths/writePathPicture.ts";
import { renderReport } from "./renderReport.ts";
import { readTexts } from "./texts/readTexts.ts";
import { readWatched } from "./watch/readWatched.ts";

export interface ContinueIo {
  /** Default: in this process. */
  readonly runner?: Runner;
  /** Runs on their way at the same time. Default 1. */
  readonly atOnce?: number;
  /** Called with the runs that are about to be made, once. */
  readonly observe?: (planned: readonly PlannedRun[]) => CompareObserver;
  /** Called with the folder when it can be looked at. */
  readonly onFolder?: (folder: string) => void;
  /** Gets a line for each run of a search for rates. */
  readonly report?: (line: string) => void;
  /** When aborted, runs on their way end with a checkpoint, no further one begins, and the rest is reported. */
  readonly signal?: AbortSignal;
}

/** What `steepest compare --json` prints, and the curves. */
export interface CompareResult {
  readonly folder: string;
  readonly rows: readonly CompareRow[];
  readonly runs: readonly ComparedRun[];
  /** The path of `report.html`. */
  readonly report: string;
  /** Of a function of two coordinates: the path of `path.svg`. */
  readonly picture: string | undefined;
  readonly interrupted: boolean;
  /** The rates in force, and what is unfair about them. */
  readonly remarks: RateRemarks;
}

/** Makes what is left of a comparison, and keeps its `compare.json` up to date: a kill loses no run that has ended. */
export async function continueComparison(
  folder: string,
  given: ComparisonFile,
  io: ContinueIo & { readonly resume?: boolean },
): Promise<CompareResult> {
  const { runner = runHere, atOnce = 1, signal, resume = false } = io;
  const asked = given.tune === "asked" ? await tune(folder, given, io) : given;
  writeComparison(folder, asked);
  io.onFolder?.(folder);
  const { runs, interrupted } = await runComparison(asked.planned, {
    folder,
    runner,
    atOnce,
    signal,
    observer: io.observe?.(asked.planned),
    ...(resume && { before: asked.rows }),
    onRows: (rows) => writeComparison(folder, { ...asked, rows }),
  });
  const rows = runs.map(({ row }) => row);
  const report = join(folder, "report.html");
  const picture = await writePathPicture(folder, asked.planned, runs);
  try {
    replaceFile(
      report,
      renderReport({
        ...describeComparison(runs, asked),
        paths: picture?.element,
        watched: readWatched(runs),
        texts: readTexts(runs),
      }),
    );
  } catch (error) {
    throw fileError("write the report", report, error);
  }
  writeComparison(folder, { ...asked, rows });
  return {
    folder,
    rows,
    runs,
    report,
    picture: picture?.file,
    interrupted,
    remarks: rateRemarks(asked.planned),
  };
}

/** The search for rates, or the rest of it. */
async function tune(
  folder: string,
  given: ComparisonFile,
  { runner = runHere, atOnce = 1, signal, report, resume }: ContinueIo & { readonly resume?: boolean },
): Promise<ComparisonFile> {
  writeComparison(folder, given);
  let made = given.trials.length;
  try {
    const { planned, trials, atEdge } = await tuneRates(given.planned, {
      folder: join(folder, "tuning"),
      runner,
      signal,
      atOnce,
      report,
      ...(resume === true && { known: given.trials }),
      onTrial(trials) {
        made = trials.length;
        const others = given.trials.filter((one) => !trials.some((trial) => sameTrial(one, trial)));
        writeComparison(folder, { ...given, trials: [...trials, ...others] });
      },
    });
    for (const label of atEdge) {
      report?.(
        `the best rate of ${label} is at the edge of what was tried: give one further out and tune again`,
      );
    }
    return { ...given, planned, trials, tune: "done", rates: rateRemarks(planned).rates };
  } catch (error) {
    if (!(error instanceof RunInterruptedError || signal?.aborted)) throw error;
    throw new ComparisonInterruptedError(
      `${formatCountOf(made, "run of the search for rates is", "runs of the search for rates are")} kept`,
      folder,
    );
  }
}
