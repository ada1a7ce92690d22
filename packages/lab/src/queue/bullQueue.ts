import { hostname } from "node:os";
import type { IQueueBackend, Job } from "bullmq";

import { type Kept, PREFIX, RUNS, type Server } from "./bullServer.ts";
import { bullWork } from "./bullWork.ts";
import { failedRow } from "./failedRow.ts";
import type { QueuedRun } from "./queuedRun.ts";
import type { Priority, RunInQueue, RunQueue, Terms } from "./runQueue.ts";

const CANCELLED = "steepest-cancelled";

/** Lower numbers are taken first; those with the same, in the order in which they came. */
const orderOf: Readonly<Record<Priority, number>> = { high: 1, normal: 10, low: 100 };

const waiting = ["waiting", "prioritized", "delayed"] as const;
const ended = ["completed", "failed"] as const;

/** A queue in BullMQ. Rejects where it cannot be reached. */
export async function bullQueue<B extends IQueueBackend, C>(server: Server<B, C>): Promise<RunQueue> {
  const { classes, connection } = server;
  const runs = new classes.Queue<QueuedRun, Kept>(RUNS, { connection, prefix: PREFIX });
  // A mark for each sweep that is cancelled. Nobody works on them.
  const marks = new classes.Queue<object>(CANCELLED, { connection, prefix: PREFIX });
  // Unheard errors would end the process; the calls that they belong to reject.
  for (const one of [runs, marks]) one.on("error", () => {});
  try {
    await connected([runs, marks]);
  } catch (error) {
    for (const one of [runs, marks]) void one.close().catch(() => {}); // they would go on trying
    throw error;
  }

  const isCancelled = async (sweep: string): Promise<boolean> => (await marks.getJob(sweep)) !== undefined;
  return {
    name: server.name,
    async add(added, { priority, tries }: Terms) {
      await runs.addBulk(
        added.map((run) => ({
          name: run.name,
          data: run,
          opts: {
            jobId: run.id,
            priority: orderOf[priority],
            attempts: tries,
            backoff: { type: "fixed", delay: 1000 },
          },
        })),
      );
    },
    async ended(sweep) {
      const jobs = await runs.getJobs([...ended]);
      return jobs
        .filter(({ data }) => data?.sweep === sweep)
        .map((job) => ({ id: job.data.id, sweep, folder: job.data.folder, ...endOf(job) }));
    },
    async forget(ids) {
      for (const id of ids) await runs.remove(id).catch(unlessRunning);
    },
    async cancel(sweep) {
      await marks.add("cancelled", {}, { jobId: sweep });
      const jobs = await runs.getJobs([...waiting]);
      let removed = 0;
      for (const { id, data } of jobs) {
        if (data?.sweep === sweep && id !== undefined) removed += await runs.remove(id).catch(unlessRunning);
      }
      return removed;
    },
    isCancelled,
    async renew(sweep) {
      await marks.remove(sweep);
    },
    async pause(paused) {
      await (paused ? runs.pause() : runs.resume());
    },
    async state() {
      const [paused, workers, open, active, over] = await Promise.all([
        runs.isPaused(),
        runs.getWorkers(),
        runs.getJobs([...waiting]),
        runs.getJobs(["active"]),
        runs.getJobs([...ended]),
      ]);
      return {
        paused,
        workers: workers.length,
        runs: [
          ...active.map((job) => inQueue(job, "running")),
          ...open.map((job) => inQueue(job, "waiting")),
          ...over.map((job) => inQueue(job, "ended")),
        ],
      };
    },
    work: (make, io) => bullWork(server, isCancelled, make, io),
    async close() {
      // A server that is away does not answer to a farewell.
      const away = setTimeout(server.giveUp, FAREWELL_MS);
      await Promise.all([runs.close(), marks.close()]).catch(() => {});
      clearTimeout(away);
    },
  };
}

const CONNECT_MS = 10_000;
const FAREWELL_MS = 2000;

/** Waits until the server has answered. Rejects with the first error, where BullMQ would go on trying. */
async function connected(
  queues: readonly {
    waitUntilReady(): Promise<unknown>;
    on(event: "error", heard: (error: Error) => void): unknown;
  }[],
): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  try {
    await Promise.race([
      Promise.all(queues.map((queue) => queue.waitUntilReady())),
      ...queues.map((queue) => new Promise<never>((_, reject) => void queue.on("error", reject))),
      new Promise<never>((_, reject) => {
        timer = setTimeout(
          () => reject(new Error(`no answer within ${CONNECT_MS / 1000} seconds`)),
          CONNECT_MS,
        );
      }),
    ]);
  } finally {
    clearTimeout(timer);
  }
}

/** The ending of a run: what its worker said, or that no worker came to an end with it. */
function endOf({ returnvalue, failedReason, data, stalledCounter }: Job<QueuedRun, Kept>): Kept {
  if (typeof returnvalue?.row?.status === "string") return returnvalue;
  const lost = /stalled/.test(failedReason ?? "");
  const error = lost
    ? `its worker was lost ${stalledCounter} times, which it may be the reason of`
    : failedReason;
  return { row: failedRow(data, error ?? "the queue does not say how it ended"), host: hostname() };
}

function inQueue(job: Job<QueuedRun, Kept>, state: RunInQueue["state"]): RunInQueue {
  const { id, sweep, folder, label, plan } = job.data;
  return {
    id,
    sweep,
    folder,
    label,
    state,
    worker: state === "running" ? job.processedBy : undefined,
    step: state === "running" && typeof job.progress === "number" ? job.progress : undefined,
    steps: plan.steps,
    reasons: job.failedReason === undefined || state === "ended" ? [] : [job.failedReason],
  };
}

/** A run that somebody works on cannot be removed: it ends by itself. */
function unlessRunning(error: unknown): number {
  if (error instanceof Error && /locked|active/.test(error.message)) return 0;
  throw error;
}
