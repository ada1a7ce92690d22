import { join } from "node:path";
import { replaceFile } from "@steepest/models/node";

import { runInChild } from "../compare/runInChild.ts";
import { type Runner, runHere } from "../compare/runner.ts";
import { runsAtOnce, type Shares } from "../compare/runsAtOnce.ts";
import { numberFlag } from "../plan/numberFlag.ts";
import { sweepPage } from "../report/sweep/sweepPage.ts";
import { usableThreads } from "../run/usableThreads.ts";
import { parseBudget } from "../sweep/budget.ts";
import { runSweep } from "../sweep/runSweep.ts";
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
import { stoppingRuns } from "../text/stoppingRuns.ts";
import { terminalColours } from "../text/terminalColours.ts";
import { terminalWidth } from "../text/terminalWidth.ts";
import type { SweepFlags } from "./sweepFlags.ts";
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

interface Made {
  readonly folder: string;
  readonly flags: SweepFlags;
  readonly shares: Shares;
  readonly before: ReadonlyMap<string, LoggedTrial>;
}

/** Makes a sweep, or the rest of it, with progress on stderr, and prints what came out. Throws where it was stopped. */
export async function showSweep(
  spec: SweepSpec,
  { folder, flags, shares, before }: Made,
  io: CommandIo,
): Promise<void> {
  const budget = flags.budget === undefined ? undefined : parseBudget(flags.budget);
  const [, script = ""] = process.argv;
  const own = /steepest(\.js)?$/.test(script) ? runInChild(script) : runHere;
  const runner: Runner = (plan, how) => {
    io.listen(stoppingRuns);
    return own(shares.threads === undefined ? plan : { ...plan, threads: shares.threads }, how);
  };
  const began = performance.now();
  const { outcomes, rows, end } = await runSweep(spec, {
    folder,
    runner,
    atOnce: shares.atOnce,
    before,
    retryFailed: flags.retry === "failed",
    budget,
    signal: io.signal,
    observer: sweepProgress(shares.atOnce, io),
  });
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
  const goOn = `go on with: steepest sweep --resume ${shellWord(folder)}`;
  if (end === "interrupted")
    throw new InterruptedError(
      `stopped: ${formatCountOf(made.length, "run has ended and is", "runs have ended and are")} kept; ${goOn}`,
    );
  if (end === "budget") io.err(`the budget of ${flags.budget} is spent; ${goOn}`);
}
