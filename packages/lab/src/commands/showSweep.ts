import { join } from "node:path";
import { replaceFile } from "@steepest/models/node";

import { runsAtOnce, type Shares } from "../compare/runsAtOnce.ts";
import { numberFlag } from "../plan/numberFlag.ts";
import { sweepPage } from "../report/sweep/sweepPage.ts";
import { usableThreads } from "../run/usableThreads.ts";
import { parseBudget } from "../sweep/budget.ts";
import { runSweep, type SweepResult } from "../sweep/runSweep.ts";
import { readSweep } from "../sweep/sweepFile.ts";
import type { SweepSpec } from "../sweep/sweepSpec.ts";
import { summarizeSweep } from "../sweep/sweepSummary.ts";
import type { LoggedTrial } from "../sweep/trialLog.ts";
import { trialsCsv } from "../sweep/trialsCsv.ts";
import type { CommandIo } from "../text/commandIo.ts";
import { wrapWords } from "../text/fitTable.ts";
import { formatDuration } from "../text/formatDuration.ts";
import { InterruptedError } from "../text/interruptedError.ts";
import { formatCountOf } from "../text/quantities.ts";
import { shellWord } from "../text/shellWord.ts";
import { terminalColours } from "../text/terminalColours.ts";
import { terminalWidth } from "../text/terminalWidth.ts";
import { openWindow } from "./openWindow.ts";
import type { SweepFlags } from "./sweepFlags.ts";
import { type SweepQueue, sweepLauncher } from "./sweepLauncher.ts";
import { sweepProgress } from "./sweepProgress.ts";
import { sweepTables } from "./sweepTables.ts";

export const readParallel = (flags: SweepFlags): number | undefined =>
  numberFlag("--parallel", flags.parallel, { least: 1, whole: true });

/**
 * One thread for each run and as many runs as there are cores, where nobody says otherwise: a sweep wants all of them soon.
 * `before` is what the sweep was begun with.
 */
export function sweepShares(
  flags: SweepFlags,
  before: { readonly threads?: number | undefined; readonly parallel?: number | undefined },
): Shares {
  const asked = readParallel(flags) ?? before.parallel;
  const threads = numberFlag("--threads", flags.threads, { least: 1, whole: true }) ?? before.threads;
  const cores = usableThreads(undefined);
  const own = asked === undefined ? (threads ?? 1) : threads;
  return runsAtOnce({ asked, threads: own, runs: Number.POSITIVE_INFINITY, cores });
}

export interface MadeSweep {
  readonly folder: string;
  readonly flags: SweepFlags;
  readonly shares: Shares;
  readonly before: ReadonlyMap<string, LoggedTrial>;
  /** Undefined: this machine makes the runs. */
  readonly queued: SweepQueue | undefined;
}

/** Makes a sweep, or the rest of it, with progress on stderr, and prints what came out. Throws where it was stopped. */
export async function showSweep(
  spec: SweepSpec,
  { folder, flags, shares, before, queued }: MadeSweep,
  io: CommandIo,
): Promise<void> {
  if (flags.open === true) openWindow(folder, io.err);
  const budget = flags.budget === undefined ? undefined : parseBudget(flags.budget);
  const { atOnce, threads } = shares;
  const launcher = await sweepLauncher({ folder, flags, atOnce, threads, before, queued }, io);
  const began = performance.now();
  const makers = queued === undefined ? undefined : `by the workers of ${queued.queue.name}`;
  const { outcomes, rows, end } = await runSweep(spec, {
    folder,
    launcher,
    before,
    retryFailed: flags.retry === "failed",
    budget,
    signal: io.signal,
    observer: sweepProgress(makers ?? atOnce, io),
  }).finally(() => launcher.close?.());
  const made = outcomes.flatMap(({ trial }) => {
    const row = rows.get(trial.id);
    return row === undefined ? [] : [{ trial, row }];
  });
  const csv = join(folder, "trials.csv");
  replaceFile(csv, trialsCsv(made));
  // What has no neighbour yet is at no edge.
  const findings = summarizeSweep(spec, outcomes, rows).map((one) =>
    end === "complete" ? one : { ...one, edges: [] },
  );
  const report = join(folder, "report.html");
  replaceFile(report, sweepPage({ file: readSweep(folder), made, findings, complete: end === "complete" }));
  if (flags.json === true) io.out(JSON.stringify({ end, findings, folder, csv, report }));
  else {
    const width = terminalWidth(process.stdout);
    if (outcomes.length > 0)
      for (const line of sweepTables(findings, width, terminalColours(process.stdout))) io.out(line);
    const spent = formatDuration((performance.now() - began) / 1000);
    const sentence = `${formatCountOf(made.length, "run")}; this part of the sweep took ${spent}; report: ${report}`;
    for (const line of wrapWords(sentence, width)) io.out(line);
  }
  sayEnd({ end, ended: made.length, folder, budget: flags.budget, queued }, io);
}

interface End {
  readonly end: SweepResult["end"];
  /** Runs that have ended. */
  readonly ended: number;
  readonly folder: string;
  readonly budget: string | undefined;
  readonly queued: SweepQueue | undefined;
}

/** Says how to go on with a sweep that has not come to its end. Throws where somebody stopped it. */
function sayEnd({ end, ended, folder, budget, queued }: End, io: CommandIo): void {
  const queue = queued === undefined ? "" : ` --queue ${shellWord(queued.queue.name)}`;
  const goOn = `steepest sweep --resume ${shellWord(folder)}${queue}`;
  const kept = formatCountOf(ended, "run has ended and is", "runs have ended and are");
  if (end === "interrupted" && queued !== undefined) {
    throw new InterruptedError(
      `stopped: ${kept} kept, and workers go on with those in the queue; collect them with: ${goOn}; take them back with: ` +
        `steepest sweep cancel ${shellWord(folder)}${queue}`,
    );
  }
  if (end === "interrupted") throw new InterruptedError(`stopped: ${kept} kept; go on with: ${goOn}`);
  if (end === "given up")
    throw new InterruptedError(`the sweep was cancelled: ${kept} kept; go on with: ${goOn}`);
  if (end === "budget") io.err(`the budget of ${budget} is spent; go on with: ${goOn}`);
}
