import { numberFlag } from "../plan/numberFlag.ts";
import { UsageError } from "../plan/usageError.ts";
import { openQueue } from "../queue/openQueue.ts";
import { queueLauncher, runId } from "../queue/queueLauncher.ts";
import { type Priority, priorities, type RunQueue, type Terms } from "../queue/runQueue.ts";
import type { Launcher } from "../sweep/launcher.ts";
import { localLauncher } from "../sweep/localLauncher.ts";
import { readSweep } from "../sweep/sweepFile.ts";
import { sweepId } from "../sweep/sweepId.ts";
import type { LoggedTrial } from "../sweep/trialLog.ts";
import type { CommandIo } from "../text/commandIo.ts";
import { didYouMean } from "../text/suggest.ts";
import { ownRunner } from "./ownRunner.ts";
import type { SweepFlags } from "./sweepFlags.ts";

/** A queue that a sweep uses, and how. */
export interface SweepQueue {
  readonly queue: RunQueue;
  readonly terms: Terms;
}

const TRIES = 3;

/** The queue of `--queue`, once it has answered; undefined where there is none. Throws a sentence. */
export async function sweepQueue(flags: SweepFlags): Promise<SweepQueue | undefined> {
  const only =
    flags.tries !== undefined ? "--tries" : flags.priority !== undefined ? "--priority" : undefined;
  if (flags.queue === undefined) {
    if (only === undefined) return undefined;
    throw new UsageError(`${only} goes with --queue URL: without a queue every run is begun once, in order`);
  }
  if (flags.budget !== undefined && flags.parallel === undefined) {
    throw new UsageError(
      "--budget with --queue needs --parallel N, the runs in the queue at once: all of them are begun at once otherwise",
    );
  }
  const terms = {
    priority: readPriority(flags.priority),
    tries: numberFlag("--tries", flags.tries, { least: 1, most: 100, whole: true }) ?? TRIES,
  };
  return { queue: await openQueue(flags.queue), terms };
}

function readPriority(text = "normal"): Priority {
  const found = priorities.find((name) => name === text);
  if (found !== undefined) return found;
  throw new UsageError(
    `--priority must be of ${priorities.join(", ")}, got "${text}"${didYouMean(text, priorities)}`,
  );
}

interface Launch {
  readonly folder: string;
  readonly flags: SweepFlags;
  /** Of the local pool. */
  readonly atOnce: number;
  readonly threads: number | undefined;
  readonly before: ReadonlyMap<string, LoggedTrial>;
  readonly queued: SweepQueue | undefined;
}

/** The launcher of a sweep: this machine, or the workers of a queue. */
export async function sweepLauncher(
  { folder, flags, atOnce, threads, before, queued }: Launch,
  io: CommandIo,
): Promise<Launcher & { close?(): Promise<void> }> {
  if (queued === undefined) {
    return localLauncher({ folder, runner: ownRunner(threads, io), atOnce, signal: io.signal });
  }
  const { queue, terms } = queued;
  const sweep = sweepId(readSweep(folder));
  await forgetOld(queue, sweep, before, flags.retry === "failed");
  await queue.renew(sweep);
  io.listen("stopping; workers go on with what is in the queue");
  const asked = numberFlag("--parallel", flags.parallel, { least: 1, whole: true });
  return queueLauncher({
    queue,
    sweep,
    folder,
    terms,
    atOnce: asked ?? Number.POSITIVE_INFINITY,
    signal: io.signal,
    say: io.err,
  });
}

/** Removes endings that an earlier process has written down, and those that do not count. */
async function forgetOld(
  queue: RunQueue,
  sweep: string,
  before: ReadonlyMap<string, LoggedTrial>,
  retryFailed: boolean,
): Promise<void> {
  const known = new Set([...before.values()].map((trial) => runId(trial, sweep)));
  const old = (await queue.ended(sweep)).filter(
    ({ id, row }) =>
      known.has(id) || row.status === "interrupted" || (retryFailed && row.status === "failed"),
  );
  await queue.forget(old.map(({ id }) => id));
}
