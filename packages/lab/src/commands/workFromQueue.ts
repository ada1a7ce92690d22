import { hostname } from "node:os";

import type { CompareRow } from "../compare/compareRow.ts";
import { runsAtOnce } from "../compare/runsAtOnce.ts";
import { numberFlag } from "../plan/numberFlag.ts";
import { UsageError } from "../plan/usageError.ts";
import { makeQueuedRun } from "../queue/makeQueuedRun.ts";
import { openQueue } from "../queue/openQueue.ts";
import { queueSyntax } from "../queue/queueSyntax.ts";
import type { MakeQueued } from "../queue/runQueue.ts";
import { usableThreads } from "../run/usableThreads.ts";
import type { CommandIo } from "../text/commandIo.ts";
import { InterruptedError } from "../text/interruptedError.ts";
import { formatCountOf, formatLoss } from "../text/quantities.ts";
import { ownRunner } from "./ownRunner.ts";
import type { WorkerFlags } from "./workerFlags.ts";

const LOST_AFTER = 30;

/** What `steepest worker` does. Throws where it was stopped, and where the queue cannot be reached at first. */
export async function workFromQueue(flags: WorkerFlags, io: CommandIo): Promise<void> {
  if (flags.queue === undefined) throw new UsageError(`worker needs a queue: --queue ${queueSyntax}`);
  const asked = numberFlag("--at-once", flags.atOnce, { least: 1, whole: true });
  const threads = numberFlag("--threads", flags.threads, { least: 1, whole: true });
  const lostAfter = numberFlag("--lost-after", flags.lostAfter, { least: 1, most: 86_400 }) ?? LOST_AFTER;
  const idle = numberFlag("--idle", flags.idle, { least: 1 });
  const { atOnce } = runsAtOnce({
    asked,
    threads: threads ?? 1,
    runs: Number.POSITIVE_INFINITY,
    cores: usableThreads(undefined),
  });
  const queue = await openQueue(flags.queue);
  let made = 0;
  const make: MakeQueued = async (run, { signal, onStep }) => {
    const runner = ownRunner(threads ?? run.plan.threads ?? 1, io);
    io.err(`${run.name}: begins, or goes on`);
    const row = await makeQueuedRun(run, { runner, root: flags.root, signal, onStep, say: io.err });
    made++;
    io.err(`${run.name}: ${outcome(row)}`);
    return row;
  };
  try {
    io.err(`process ${process.pid} on ${hostname()} takes runs from ${queue.name}, ${atOnce} at once`);
    io.listen("stopping, each run after its step and a checkpoint, then back to the queue");
    await queue.work(make, { atOnce, lostAfter, idle, signal: io.signal, say: io.err });
  } finally {
    await queue.close();
  }
  const handled = formatCountOf(made, "run was handled", "runs were handled");
  if (io.signal.aborted)
    throw new InterruptedError(`stopped: ${handled}; what was on its way is back in the queue`);
  io.err(`nothing came for ${flags.idle} seconds: ${handled}`);
}

function outcome({ status, steps, valLoss, error }: CompareRow): string {
  if (status === "finished") return `val ${formatLoss(valLoss)}`;
  if (status === "interrupted") return `saved at step ${steps}`;
  return `${status}${error === undefined ? "" : `, ${error}`}`;
}
