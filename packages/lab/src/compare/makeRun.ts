import { existsSync } from "node:fs";
import { listCheckpoints } from "../files/listCheckpoints.ts";
import { lossCurves } from "../run/lossCurves.ts";
import { readMetrics } from "../run/metricsLog.ts";
import { NonFiniteLossError, RunInterruptedError } from "../run/runErrors.ts";
import type { LossCurves } from "../run/runResult.ts";
import type { CompareObserver } from "./compareObserver.ts";
import type { CompareRow } from "./compareRow.ts";
import { folderFree } from "./folderFree.ts";
import type { PlannedRun } from "./planComparison.ts";
import { finishedRow } from "./rowOfRun.ts";
import type { Runner } from "./runner.ts";
import { watchRun } from "./watchRun.ts";

/** A run that came to its end, good or bad. */
export interface ComparedRun {
  readonly row: CompareRow;
  readonly curves: LossCurves;
}

export interface MakeRunIo {
  readonly runner: Runner;
  readonly observer?: CompareObserver | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Go on with what is in the folder, if something is. */
  readonly resume: boolean;
}

/** Makes one run of several into a folder of its own. Never rejects: one that diverges or fails gives a row that says so. */
export async function makeRun(run: PlannedRun, out: string, io: MakeRunIo): Promise<ComparedRun> {
  const { observer, signal, resume } = io;
  observer?.onRunStart?.(run);
  const watched = watchRun(run, observer);
  try {
    if (resume) await folderFree(out, (line) => observer?.onPrepare?.(run, line), signal);
    const order = { out, resume, observer: watched.observer, ...(signal && { signal }) };
    const result = await io.runner(run.plan, order);
    return { row: finishedRow(run, result), curves: result.curves };
  } catch (error) {
    const log = existsSync(out) ? readMetrics(out) : [];
    const told = signal?.aborted ? asStopped(error, out) : error;
    return { row: watched.row(told), curves: lossCurves(log.length > 0 ? log : watched.metrics) };
  }
}

/**
 * Whatever ends a run that was asked to stop has stopped it: its process may have got the signal before it listened, or a
 * second one. What it saved is there.
 */
function asStopped(error: unknown, out: string): unknown {
  if (error instanceof NonFiniteLossError || error instanceof RunInterruptedError) return error;
  return new RunInterruptedError(listCheckpoints(out).at(-1) ?? 0, out);
}
