import { join } from "node:path";

import type { Command } from "commander";

import { joinRanks } from "../collectives/joinRanks.ts";
import { launchedRank } from "../collectives/launchedRank.ts";
import { oneRank } from "../collectives/oneRank.ts";
import { defaultJob } from "../plan/defaultJob.ts";
import { numberFlag } from "../plan/numberFlag.ts";
import { ownFlags, readOwnFlags } from "../plan/ownFlags.ts";
import { unknownFlag } from "../plan/planFlags.ts";
import { parsePlanInput } from "../plan/planInput.ts";
import { readPlanFlags } from "../plan/readPlanFlags.ts";
import { resolvePlan } from "../plan/resolvePlan.ts";
import type { RunObserver } from "../plan/runObserver.ts";
import { UsageError } from "../plan/usageError.ts";
import { type WrittenReport, writeReport } from "../report/writeReport.ts";
import { followRanks } from "../run/ranks/followRanks.ts";
import { LedRanks } from "../run/ranks/leadRanks.ts";
import { resumeRun } from "../run/resumeRun.ts";
import type { RunIo } from "../run/runIo.ts";
import type { RunResult } from "../run/runResult.ts";
import { trainRun } from "../run/trainRun.ts";
import type { CommandIo } from "../text/commandIo.ts";
import { printable } from "../text/printable.ts";
import {
  formatAccuracy,
  formatCount,
  formatCountOf,
  formatLoss,
  formatMs,
  formatShare,
} from "../text/quantities.ts";
import { shellWord } from "../text/shellWord.ts";
import { askedRanks } from "./askedRanks.ts";
import { launchRanks } from "./launchRanks.ts";
import { openWindow } from "./openWindow.ts";
import { runProgress } from "./runProgress.ts";
import type { TrainFlags } from "./trainFlags.ts";

/**
 * What `steepest train` does: one run from its beginning, or the rest of one, shown on the way and summed up. With `--ranks` it has
 * MPI start that many processes of itself; each of these, and each that `mpirun` starts, does its part.
 */
export async function trainOrResume(command: Command, io: CommandIo): Promise<void> {
  const launched = launchedRank();
  const asked = askedRanks(command.opts<TrainFlags>(), launched);
  if (launched === undefined && asked.ranks > 1) return launchRanks(asked, io);
  const collectives = launched === undefined ? oneRank : joinRanks(launched);
  if (collectives.rank > 0) {
    io.listen("stopping with rank 0"); // which decides
    await followRanks(collectives);
    return collectives.finalize();
  }
  const ranks = launched === undefined && !asked.given ? undefined : new LedRanks(collectives);
  try {
    await trainAndReport(command, io, ranks);
  } catch (error) {
    // Ranks that are about to begin can only be ended with the job, this process included.
    if (ranks?.starting)
      io.err(`error: ${printable(error instanceof Error ? error.message : String(error))}`);
    throw error;
  } finally {
    ranks?.dismiss();
    collectives.finalize();
  }
}

async function trainAndReport(command: Command, io: CommandIo, ranks: LedRanks | undefined): Promise<void> {
  const progress = runProgress(io);
  const observer: RunObserver = {
    ...progress,
    onStart(start) {
      progress.onStart?.(start);
      if (command.opts<TrainFlags>().open === true)
        openWindow(start.runDir, (line) => progress.onPrepare?.(line));
    },
    onStep(metrics) {
      io.listen("stopping after this step and a checkpoint"); // before the first step there is nothing to save
      progress.onStep?.(metrics);
    },
  };
  let result: RunResult;
  try {
    result = await run(command, { ...io, ranks }, observer);
  } finally {
    progress.done();
  }
  const written = await writeReport([result.runDir]);
  report(result, written, io, command.opts<TrainFlags>().json === true);
}

function run(
  command: Command,
  { signal, ranks }: CommandIo & Pick<RunIo, "ranks">,
  observer: RunObserver,
): Promise<RunResult> {
  const flags = command.opts<TrainFlags>();
  if (flags.resume !== undefined) return resume(command, flags.resume, { observer, signal, ranks });
  if (flags.fromStep !== undefined) throw new UsageError("--from-step goes with --resume DIR");
  const given = readPlanFlags(command.opts());
  const named = parsePlanInput(flags.optimizer === undefined ? {} : { optimizer: flags.optimizer }, "");
  const inputs = [...given, named];
  const last = (name: "optimizer" | "model"): string =>
    inputs.findLast((input) => input[name] !== undefined)?.[name] ?? defaultJob[name];
  const own = ownFlags(command, last("optimizer"), last("model"));
  const plan = resolvePlan(...inputs, readOwnFlags(command.args, own, command));
  return trainRun(plan, { observer, signal, ranks, ...(flags.out !== undefined && { out: flags.out }) });
}

function resume(
  command: Command,
  directory: string,
  io: Pick<RunIo, "ranks"> & { readonly observer: RunObserver; readonly signal: AbortSignal },
): Promise<RunResult> {
  const allowed = ["resume", "fromStep", "steps", "json", "open", "threads", "ranks", "restarts"];
  const other = Object.keys(command.opts()).find((name) => !allowed.includes(name));
  const option = command.options.find((one) => one.attributeName() === other);
  if (option !== undefined) {
    throw new UsageError(
      `${option.long} does not go with --resume: the run continues as its config.json says; ` +
        `for another run use --config ${shellWord(join(directory, "config.json"))}`,
    );
  }
  const [extra] = command.args;
  if (extra !== undefined) throw unknownFlag(extra, command);
  const flags = command.opts<TrainFlags>();
  const fromStep = numberFlag("--from-step", flags.fromStep, { least: 1, whole: true });
  return resumeRun(directory, {
    ...io,
    fromStep,
    steps: numberFlag("--steps", flags.steps, { least: 1, whole: true }),
    threads: numberFlag("--threads", flags.threads, { least: 1, whole: true }),
  });
}

function report(
  result: RunResult,
  { report: page, picture }: WrittenReport,
  io: CommandIo,
  json: boolean,
): void {
  const { curves: _, sample, ...summary } = result;
  if (json) {
    io.out(JSON.stringify(summary));
    return;
  }
  if (sample !== undefined) {
    io.out("a sample after training:");
    io.out(`${process.stdout.isTTY ? printable(sample) : sample}\n`);
  }
  const { steps, trainLoss, valLoss, valAccuracy, msPerStep, tokensPerSecond, unit, optimizerShare, runDir } =
    summary;
  const accuracy = valAccuracy === undefined ? "" : `, validation accuracy ${formatAccuracy(valAccuracy)}`;
  io.out(
    `${formatCountOf(steps, "step")}: training loss ${formatLoss(trainLoss)}, ` +
      `validation loss ${formatLoss(valLoss)}${accuracy}`,
  );
  io.out(
    `${formatMs(msPerStep)} ms a step, ${formatCount(tokensPerSecond)} ${unit}/s, ` +
      `${formatShare(optimizerShare)} of it in the optimizer`,
  );
  io.out(`run folder: ${runDir}`);
  io.out(`report:     ${page}`);
  if (picture !== undefined) io.out(`its path:   ${picture}`);
}
