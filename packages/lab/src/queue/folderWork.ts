import { hostname } from "node:os";
import { setTimeout } from "node:timers/promises";

import { failedRow } from "./failedRow.ts";
import { readQueuedRun } from "./queuedRun.ts";
import type { Entry, QueueFolder } from "./queueFolder.ts";
import type { MakeQueued, WorkIo } from "./runQueue.ts";
import { settleTry } from "./settleTry.ts";
import { workerName } from "./workerName.ts";

/** How often a worker looks for runs. */
const ASK_MS = 500;
/** A run whose workers were lost so often is given up: it may be what ends them. */
const LOST_AT_MOST = 10;

/** Takes runs out of a folder and makes them until the signal is aborted, or nothing came for long. */
export async function folderWork(
  folder: QueueFolder,
  make: MakeQueued,
  { atOnce, lostAfter, idle, signal, say }: WorkIo,
): Promise<void> {
  const making = new Map<string, Promise<void>>();
  const isLost = watchBeats(folder, lostAfter);
  let since = performance.now();
  let silent = false;
  while (!signal.aborted) {
    try {
      for (const id of folder.ids("running")) {
        const entry = making.has(id) || !isLost(id) ? undefined : folder.entry("running", id);
        if (entry !== undefined) folder.giveBack(id, entry);
      }
      const room = folder.isMarked("paused") ? 0 : atOnce - making.size;
      for (const id of room > 0 ? folder.ids("waiting") : []) {
        if (making.size >= atOnce) break;
        const entry = making.has(id) ? undefined : folder.take(id);
        if (entry === undefined) continue;
        const made = makeOne(folder, entry, make, { lostAfter, signal, say }).finally(() =>
          making.delete(id),
        );
        making.set(id, made);
      }
      silent = false;
    } catch (error) {
      if (!silent)
        say(
          `the queue at ${folder.path}: ${error instanceof Error ? error.message : error}; going on as soon as it can be read`,
        );
      silent = true;
    }
    if (making.size > 0) since = performance.now();
    if (idle !== undefined && performance.now() - since > idle * 1000) break;
    await Promise.race([setTimeout(ASK_MS, undefined, { signal }).catch(() => {}), ...making.values()]);
  }
  await Promise.all(making.values());
}

/** Makes one run, shows every now and then that somebody is at it, and writes down what became of it. Never rejects. */
async function makeOne(
  folder: QueueFolder,
  taken: Entry,
  make: MakeQueued,
  { lostAfter, signal, say }: Pick<WorkIo, "lostAfter" | "signal" | "say">,
): Promise<void> {
  const worker = workerName();
  // Who had it before and did not give it back was lost.
  const lost = taken.lost + (taken.worker === undefined ? 0 : 1);
  const { id, sweep, folder: of } = taken.run;
  const stop = new AbortController();
  let entry: Entry = { ...taken, lost, worker };
  let cancelled = false;
  let step = 0;
  const beat = (): void => {
    try {
      if (folder.entry("running", id)?.worker !== worker)
        stop.abort(); // another worker has taken it over
      else folder.writeRunning({ ...entry, step });
      cancelled = folder.isMarked(`cancelled/${sweep}`);
      if (cancelled) stop.abort();
    } catch {} // the folder is away: the run goes on
  };
  const end = (row: Parameters<QueueFolder["writeEnd"]>[0]["row"]): void =>
    folder.writeEnd({ id, sweep, folder: of, row, host: hostname() });
  let timer: NodeJS.Timeout | undefined;
  try {
    if (lost >= LOST_AT_MOST) {
      end(failedRow(taken.run, `its worker was lost ${lost} times, which it may be the reason of`));
      return;
    }
    folder.writeRunning(entry);
    beat();
    timer = setInterval(beat, Math.min(2000, (lostAfter * 1000) / 4));
    const row = await make(readQueuedRun(taken.run), {
      signal: AbortSignal.any([signal, stop.signal]),
      onStep: (now) => {
        step = now;
      },
    });
    clearInterval(timer);
    if (folder.entry("running", id)?.worker !== worker) return;
    const settled = settleTry(row, { number: entry.reasons.length + 1, most: entry.tries, cancelled });
    if (settled.kind === "ended") {
      end(settled.row);
      return;
    }
    if (settled.kind === "again") entry = { ...entry, reasons: [...entry.reasons, settled.reason] };
    folder.writeRunning({ ...entry, worker: undefined, step: undefined });
    folder.giveBack(id, entry);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    say(`${id}: ${reason}`);
    try {
      end(failedRow(taken.run, reason));
    } catch {} // somebody finds it silent and makes it again
  } finally {
    clearInterval(timer);
  }
}

/**
 * Whether a running one has shown no sign of life for so long, by the clock of this process alone: those of other machines may be
 * wrong.
 */
function watchBeats(folder: QueueFolder, seconds: number): (id: string) => boolean {
  const seen = new Map<string, { beat: number; at: number }>();
  return (id) => {
    const beat = folder.beat(id);
    const before = seen.get(id);
    if (beat === undefined) return false;
    if (before?.beat === beat) return performance.now() - before.at > seconds * 1000;
    seen.set(id, { beat, at: performance.now() });
    return false;
  };
}
