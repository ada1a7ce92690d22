import { existsSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

import type { CompareRow } from "../compare/compareRow.ts";
import type { Launcher } from "../sweep/launcher.ts";
import type { Trial } from "../sweep/trial.ts";
import { trialFolderName } from "../sweep/trialFolder.ts";
import { ownVersion, type QueuedRun } from "./queuedRun.ts";
import { queueReason } from "./queueReason.ts";
import type { RunEnd, RunQueue, Terms } from "./runQueue.ts";

/** How often the queue is asked what has ended. */
const ASK_MS = 500;
/** How often what is waited for is handed over again: a server that came back without its memory has lost it. */
const RENEW_MS = 15_000;

/** How long a last answer is waited for. */
const CLOSE_MS = 2000;

export interface QueueLaunch {
  readonly queue: RunQueue;
  /** Which sweep it is, in the queue. */
  readonly sweep: string;
  readonly folder: string;
  readonly terms: Terms;
  /** Runs in the queue at the same time. */
  readonly atOnce: number;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/** The launcher of a sweep whose runs are made by workers. */
export interface QueueLauncher extends Launcher {
  /** Somebody cancelled the sweep. */
  readonly cancelled: boolean;
  close(): Promise<void>;
}

interface Awaited {
  readonly run: QueuedRun;
  readonly settle: (row: CompareRow | undefined) => void;
}

/**
 * Hands trials to a queue and waits for their rows. Where the queue does not answer, it goes on asking. When the signal is aborted,
 * nobody waits any longer, and the workers go on with what is in the queue.
 */
export function queueLauncher(launch: QueueLaunch): QueueLauncher {
  const { queue, sweep, folder, terms, signal } = launch;
  const awaited = new Map<string, Awaited>();
  const fresh: QueuedRun[] = [];
  const forgotten: string[] = [];
  const closed = new AbortController();
  let cancelled = false;
  let renewed = performance.now();
  let silent = false;

  const giveUp = (): void => {
    for (const { settle } of awaited.values()) settle(undefined);
    awaited.clear();
  };
  signal.addEventListener("abort", giveUp, { once: true });

  const exchange = async (): Promise<void> => {
    if (silent || performance.now() - renewed > RENEW_MS) {
      await queue.add(
        [...awaited.values()].map(({ run }) => run),
        terms,
      );
      renewed = performance.now();
    }
    const [adding, forgetting] = [[...fresh], [...forgotten]];
    if (adding.length > 0) await queue.add(adding, terms);
    fresh.splice(0, adding.length);
    if (forgetting.length > 0) await queue.forget(forgetting);
    forgotten.splice(0, forgetting.length);
    if (awaited.size === 0) return;
    for (const end of await queue.ended(sweep)) {
      awaited.get(end.id)?.settle(rowHere(end, folder));
      awaited.delete(end.id);
    }
    if (await queue.isCancelled(sweep)) {
      cancelled = true;
      giveUp();
    }
  };
  const loop = async (): Promise<void> => {
    while (!closed.signal.aborted) {
      try {
        await exchange();
        if (silent) launch.say(`the queue at ${queue.name} answers again`);
        silent = false;
      } catch (error) {
        if (!silent && !closed.signal.aborted)
          launch.say(`the queue at ${queue.name} does not answer (${queueReason(error)}): waiting for it`);
        silent = true;
      }
      await setTimeout(ASK_MS, undefined, { signal: closed.signal }).catch(() => {});
    }
  };
  const ended = loop();

  return {
    atOnce: launch.atOnce,
    get cancelled() {
      return cancelled;
    },
    make(trial) {
      if (cancelled || signal.aborted) return Promise.resolve(undefined);
      const run = queuedRun(trial, sweep, folder);
      fresh.push(run);
      return new Promise((settle) => awaited.set(run.id, { run, settle }));
    },
    kept(trial) {
      forgotten.push(runId(trial, sweep));
    },
    async close() {
      signal.removeEventListener("abort", giveUp);
      closed.abort();
      await Promise.race([ended, setTimeout(CLOSE_MS)]);
      if (forgotten.length > 0 && !silent) await queue.forget(forgotten).catch(() => {});
    },
  };
}

/** The id of a trial in a queue. */
export const runId = ({ id }: Pick<Trial, "id">, sweep: string): string => `${sweep}-${id}`;

const queuedRun = (trial: Trial, sweep: string, folder: string): QueuedRun => ({
  id: runId(trial, sweep),
  sweep,
  folder,
  name: trialFolderName(trial),
  label: trial.label,
  plan: trial.plan,
  version: ownVersion(),
});

/** The row with the run's folder as this machine sees it, or with the name of the machine that has it. */
function rowHere({ row, host }: RunEnd, folder: string): CompareRow {
  if (row.runDir === null) return row;
  const own = join(folder, "trials", row.runDir.split(/[\\/]/).at(-1) ?? "");
  if (existsSync(join(own, "config.json"))) return { ...row, runDir: own };
  return { ...row, runDir: host === hostname() ? row.runDir : `${host}:${row.runDir}` };
}
