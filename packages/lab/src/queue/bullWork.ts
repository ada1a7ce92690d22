import { hostname } from "node:os";
import { type IQueueBackend, type Job, WaitingError } from "bullmq";

import { type Kept, PREFIX, RUNS, type Server } from "./bullServer.ts";
import { type QueuedRun, readQueuedRun } from "./queuedRun.ts";
import { queueReason } from "./queueReason.ts";
import type { MakeQueued, WorkIo } from "./runQueue.ts";
import { settleTry } from "./settleTry.ts";
import { untilIdle } from "./untilIdle.ts";
import { workerName } from "./workerName.ts";

/** How often a worker tells how far a run is, and asks whether its sweep is cancelled. */
const REPORT_MS = 2000;
/** A run whose workers were lost so often is given up: it may be what ends them. */
const LOST_AT_MOST = 10;
/** How long a worker waits after an error of the server before it asks again. */
const AGAIN_MS = 2000;

/** Takes runs out of BullMQ and makes them until the signal is aborted, or nothing came for long. */
export async function bullWork<B extends IQueueBackend, C>(
  { classes, patient, name }: Server<B, C>,
  isCancelled: (sweep: string) => Promise<boolean>,
  make: MakeQueued,
  { atOnce, lostAfter, idle, signal, say }: WorkIo,
): Promise<void> {
  const stop = new AbortController();
  const making = new Set<string>();
  let silent = false;

  const makeOne = async (job: Job<QueuedRun, Kept>, token: string | undefined): Promise<Kept> => {
    silent = false;
    const run = readQueuedRun(job.data);
    const cancel = new AbortController();
    let step = 0;
    const report = async (): Promise<void> => {
      try {
        await job.updateProgress(step);
        if (await isCancelled(run.sweep)) cancel.abort();
      } catch {} // the server is away: the run goes on
    };
    const timer = setInterval(report, REPORT_MS);
    making.add(run.id);
    try {
      if (await isCancelled(run.sweep)) cancel.abort();
      const row = await make(run, {
        signal: AbortSignal.any([stop.signal, cancel.signal]),
        onStep: (now) => {
          step = now;
        },
      });
      const { attempts = 1 } = job.opts;
      const settled = settleTry(row, {
        number: job.attemptsMade + 1,
        most: attempts,
        cancelled: cancel.signal.aborted,
      });
      if (settled.kind === "ended") return { row: settled.row, host: hostname() };
      if (settled.kind === "again") throw new Error(settled.reason);
      await job.moveToWait(token);
      throw new WaitingError();
    } finally {
      clearInterval(timer);
      making.delete(run.id);
    }
  };

  const worker = new classes.Worker<QueuedRun, Kept>(RUNS, makeOne, {
    connection: patient,
    prefix: PREFIX,
    name: workerName(),
    concurrency: atOnce,
    lockDuration: lostAfter * 1000,
    stalledInterval: lostAfter * 1000,
    maxStalledCount: LOST_AT_MOST,
    runRetryDelay: AGAIN_MS,
  });
  worker.on("error", (error) => {
    if (!silent && !signal.aborted)
      say(`the queue at ${name}: ${queueReason(error)}; going on as soon as it answers`);
    silent = true;
  });
  await untilIdle({ signal, idle, busy: () => making.size > 0 });
  const closed = worker.close(); // takes no further run from here on
  stop.abort();
  await closed;
}
