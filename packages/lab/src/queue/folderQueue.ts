import { fileError } from "../files/fileError.ts";
import { folderWork } from "./folderWork.ts";
import { type Entry, QueueFolder } from "./queueFolder.ts";
import type { RunEnd, RunInQueue, RunQueue } from "./runQueue.ts";

/**
 * A queue in a folder that all its machines see: for clusters without a server. A worker asks twice a second, so that it suits
 * runs of seconds and more. Throws `FileError` where the folder cannot be made.
 */
export function folderQueue(path: string): RunQueue {
  const folder = opened(path);
  return {
    name: path,
    async add(runs, terms) {
      for (const run of runs)
        if (!folder.isThere(run.id)) folder.put({ run, ...terms, reasons: [], lost: 0 });
    },
    async ended(sweep) {
      const own = folder.ids("ended").filter((id) => id.startsWith(`${sweep}-`));
      return own.flatMap((id) => folder.end(id) ?? []);
    },
    async forget(ids) {
      for (const id of ids) folder.forget(id);
    },
    async cancel(sweep) {
      folder.mark(`cancelled/${sweep}`, true);
      const own = folder.ids("waiting").filter((id) => id.startsWith(`${sweep}-`));
      for (const id of own) folder.forget(id);
      return own.length;
    },
    async isCancelled(sweep) {
      return folder.isMarked(`cancelled/${sweep}`);
    },
    async renew(sweep) {
      folder.mark(`cancelled/${sweep}`, false);
    },
    async pause(paused) {
      folder.mark("paused", paused);
    },
    async state() {
      const entries = (state: "running" | "waiting"): RunInQueue[] =>
        folder.ids(state).flatMap((id) => {
          const entry = folder.entry(state, id);
          return entry === undefined ? [] : inQueue(entry, state);
        });
      const over = folder.ids("ended").flatMap((id): RunInQueue[] => {
        const end = folder.end(id);
        return end === undefined ? [] : [endedRun(end)];
      });
      const runs = [...entries("running"), ...entries("waiting"), ...over];
      return { paused: folder.isMarked("paused"), workers: undefined, runs };
    },
    work: (make, io) => folderWork(folder, make, io),
    async close() {},
  };
}

function opened(path: string): QueueFolder {
  try {
    return new QueueFolder(path);
  } catch (error) {
    throw fileError("make the queue", path, error);
  }
}

const inQueue = ({ run, reasons, worker, step }: Entry, state: "running" | "waiting"): RunInQueue => ({
  id: run.id,
  sweep: run.sweep,
  folder: run.folder,
  label: run.label,
  state,
  worker: state === "running" ? worker : undefined,
  step: state === "running" ? step : undefined,
  steps: run.plan.steps,
  reasons,
});

const endedRun = ({ id, sweep, folder, row }: RunEnd): RunInQueue => ({
  id,
  sweep,
  folder,
  label: row.label,
  state: "ended",
  steps: row.steps,
  reasons: [],
});
