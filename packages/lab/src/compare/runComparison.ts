import { existsSync } from "node:fs";
import { join } from "node:path";
import { removeAbandonedLock } from "../files/removeAbandonedLock.ts";
import { lossCurves } from "../run/lossCurves.ts";
import { readMetrics } from "../run/metricsLog.ts";
import { runFolderName } from "./compareFolder.ts";
import type { CompareObserver } from "./compareObserver.ts";
import type { CompareRow } from "./compareRow.ts";
import { type ComparedRun, makeRun } from "./makeRun.ts";
import { mapAtOnce } from "./mapAtOnce.ts";
import type { PlannedRun } from "./planComparison.ts";
import type { Runner } from "./runner.ts";
import { stepsToReach } from "./stepsToReach.ts";

/** What a comparison came to. `interrupted`: asked to stop before all runs were made; rows of runs not begun are missing. */
export interface ComparisonResult {
  readonly runs: readonly ComparedRun[];
  readonly interrupted: boolean;
}

export interface ComparisonIo {
  readonly folder: string;
  readonly runner: Runner;
  readonly observer?: CompareObserver | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Runs on their way at the same time. Default 1, so that none disturbs another's times. */
  readonly atOnce?: number | undefined;
  /** Rows of a comparison that goes on: runs that finished or diverged are kept, the others resumed or begun. */
  readonly before?: readonly CompareRow[] | undefined;
  /** Gets the rows of all runs that have ended, in the order of the plan, whenever one has. */
  readonly onRows?: (rows: readonly CompareRow[]) => void;
}

/**
 * Makes the planned runs, each into a folder of its own. A run that diverges or fails gives a row that says so, and the
 * next one begins. Steps to reach are counted against the first label's final validation loss of the same seed.
 */
export async function runComparison(
  planned: readonly PlannedRun[],
  io: ComparisonIo,
): Promise<ComparisonResult> {
  const { before, atOnce = 1, signal, observer } = io;
  const labels = [...new Set(planned.map(({ label }) => label))];
  const folderOf = ({ label, plan }: PlannedRun): string =>
    join(io.folder, runFolderName(label, plan.seed, labels));
  const ended = planned.map((run) => keptRun(run, folderOf(run), before ?? []));
  for (const [i, kept] of ended.entries()) {
    const run = planned[i];
    if (kept !== undefined && run !== undefined) observer?.onRunKept?.(run, kept.row);
  }
  const left = planned.flatMap((run, index) => (ended[index] === undefined ? { run, index } : []));
  await mapAtOnce(left, atOnce, async ({ run, index }) => {
    if (signal?.aborted) return;
    const done = await makeRun(run, folderOf(run), { ...io, resume: before !== undefined });
    ended[index] = done;
    observer?.onRunEnd?.(run, done.row);
    io.onRows?.(ended.flatMap((one) => one?.row ?? []));
  });
  const runs = ended.filter((one) => one !== undefined);
  return {
    runs: withReference(runs, labels[0]),
    interrupted: runs.length < planned.length || runs.some(({ row }) => row.status === "interrupted"),
  };
}

/** What need not be made again, where its folder is still there. */
function keptRun(
  { label, plan }: PlannedRun,
  folder: string,
  rows: readonly CompareRow[],
): ComparedRun | undefined {
  const row = rows.find((one) => one.label === label && one.seed === plan.seed);
  const final = row?.status === "finished" || row?.status === "diverged";
  if (!final || !existsSync(join(folder, "config.json"))) return undefined;
  removeAbandonedLock(folder);
  return { row: { ...row, runDir: folder }, curves: lossCurves(readMetrics(folder)) };
}

export function withReference(runs: readonly ComparedRun[], reference: string | undefined): ComparedRun[] {
  return runs.map(({ row, curves }) => {
    const target = runs.find((run) => run.row.label === reference && run.row.seed === row.seed)?.row.valLoss;
    const known = typeof target === "number" && row.status === "finished";
    return {
      row: { ...row, stepsToReference: known ? stepsToReach(curves.validation, target) : null },
      curves,
    };
  });
}
