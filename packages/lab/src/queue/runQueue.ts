import type { CompareRow } from "../compare/compareRow.ts";
import type { QueuedRun } from "./queuedRun.ts";

export const priorities = ["high", "normal", "low"] as const;
export type Priority = (typeof priorities)[number];

/** How runs are to be made. */
export interface Terms {
  readonly priority: Priority;
  /** How often a run that fails is begun. */
  readonly tries: number;
}

/** How a run of a queue ended. */
export interface RunEnd {
  readonly id: string;
  readonly sweep: string;
  /** The folder of its sweep. */
  readonly folder: string;
  readonly row: CompareRow;
  /** The machine that made it. */
  readonly host: string;
}

/** A run that is in a queue, for people. */
export interface RunInQueue {
  readonly id: string;
  readonly sweep: string;
  /** The folder of its sweep. */
  readonly folder: string;
  readonly label: string;
  readonly state: "waiting" | "running" | "ended";
  /** Of a running one: the worker that makes it. */
  readonly worker?: string | undefined;
  /** Of a running one: steps made, and all there are. */
  readonly step?: number | undefined;
  readonly steps: number;
  /** Why earlier tries failed. */
  readonly reasons: readonly string[];
}

export interface QueueState {
  readonly paused: boolean;
  /** Workers that are connected; undefined where nobody can know. */
  readonly workers: number | undefined;
  readonly runs: readonly RunInQueue[];
}

/** What a worker does with a run. Never rejects: a run that fails gives a row that says so. */
export type MakeQueued = (
  run: QueuedRun,
  io: { readonly signal: AbortSignal; readonly onStep: (step: number) => void },
) => Promise<CompareRow>;

export interface WorkIo {
  /** Runs on their way at the same time. */
  readonly atOnce: number;
  /** Seconds of silence after which a run is taken from its worker and given to another. */
  readonly lostAfter: number;
  /** Seconds without a run after which the work ends; undefined: never. */
  readonly idle?: number | undefined;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/**
 * A queue of runs that several processes on several machines share. Delivery is at least once: a run whose worker is lost is given to
 * another. All methods reject where the queue cannot be reached; what they did not do can be asked for again.
 */
export interface RunQueue {
  /** For people: never with a password. */
  readonly name: string;
  /** Adds runs. One whose id is there already, in whatever state, stays as it is. */
  add(runs: readonly QueuedRun[], terms: Terms): Promise<void>;
  /** The runs of a sweep that have ended and are not forgotten. */
  ended(sweep: string): Promise<readonly RunEnd[]>;
  /** Removes runs that do not run. */
  forget(ids: readonly string[]): Promise<void>;
  /** Takes the waiting runs of a sweep out, tells workers to stop those on their way, and returns how many were waiting. */
  cancel(sweep: string): Promise<number>;
  isCancelled(sweep: string): Promise<boolean>;
  /** Lifts a cancellation. */
  renew(sweep: string): Promise<void>;
  /** Paused, no worker begins a run; those on their way end. */
  pause(paused: boolean): Promise<void>;
  state(): Promise<QueueState>;
  /**
   * Makes runs until the signal is aborted: those on their way are saved and given back. Goes on while the queue cannot be reached.
   */
  work(make: MakeQueued, io: WorkIo): Promise<void>;
  close(): Promise<void>;
}
