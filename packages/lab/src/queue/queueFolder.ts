import { mkdirSync, readdirSync, readFileSync, renameSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { replaceFile } from "@steepest/models/node";
import * as v from "valibot";

import { hasCode } from "../files/fileError.ts";
import { removeQuietly } from "../files/removeQuietly.ts";
import type { QueuedRun } from "./queuedRun.ts";
import { type Priority, priorities, type RunEnd } from "./runQueue.ts";

/** A run in a queue folder, with what became of it so far. */
export interface Entry {
  /** As it was put there: to be read with `readQueuedRun`. */
  readonly run: QueuedRun;
  readonly priority: Priority;
  /** How often it may be begun. */
  readonly tries: number;
  /** Why it failed before. */
  readonly reasons: readonly string[];
  /** Workers that were lost with it. */
  readonly lost: number;
  /** The worker that has it, or had it when it was lost. */
  readonly worker?: string | undefined;
  readonly step?: number | undefined;
}

const entrySchema = v.looseObject({
  run: v.looseObject({ id: v.string(), sweep: v.string(), folder: v.string(), label: v.string() }),
  priority: v.picklist(priorities),
  tries: v.number(),
  reasons: v.array(v.string()),
  lost: v.number(),
});
const endSchema = v.looseObject({
  id: v.string(),
  sweep: v.string(),
  folder: v.string(),
  host: v.string(),
  row: v.looseObject({ status: v.string() }),
});

const states = ["waiting", "running", "ended", "cancelled"] as const;
type State = (typeof states)[number];

/** The files of a queue in a folder. Moves are renames, of which one of several at once succeeds. */
export class QueueFolder {
  readonly path: string;

  /** Throws the system's error where the folder cannot be made. */
  constructor(path: string) {
    this.path = path;
    for (const state of states) mkdirSync(join(path, state), { recursive: true });
  }

  /** Ids in a state; waiting ones in the order in which they are to be taken. */
  ids(state: State): string[] {
    const names = readdirSync(join(this.path, state)).filter((name) => name.endsWith(".json"));
    if (state !== "waiting") return names.map((name) => name.slice(0, -5));
    const aged = names.map((name) => ({ name, since: this.#touched(join(this.path, state, name)) ?? 0 }));
    const order = ({ name }: { name: string }): number => Number(name[0]);
    return aged
      .sort((a, b) => order(a) - order(b) || a.since - b.since || (a.name < b.name ? -1 : 1))
      .map(({ name }) => name.slice(2, -5));
  }

  entry(state: "waiting" | "running", id: string): Entry | undefined {
    const path = state === "running" ? this.#file("running", id) : this.#waiting(id);
    const value = path === undefined ? undefined : readJson(path);
    // Checked as far as it is read here; the run itself when it is made.
    return v.is(entrySchema, value) ? (value as unknown as Entry) : undefined;
  }

  end(id: string): RunEnd | undefined {
    const value = readJson(this.#file("ended", id));
    return v.is(endSchema, value) ? (value as unknown as RunEnd) : undefined;
  }

  isThere(id: string): boolean {
    if (this.#waiting(id) !== undefined) return true;
    return (["running", "ended"] as const).some(
      (state) => this.#touched(this.#file(state, id)) !== undefined,
    );
  }

  put(entry: Entry): void {
    const path = join(this.path, "waiting", `${priorities.indexOf(entry.priority)}-${entry.run.id}.json`);
    replaceFile(path, JSON.stringify(entry));
  }

  /** Moves a waiting run to those that run; undefined where another worker was faster. */
  take(id: string): Entry | undefined {
    const path = this.#waiting(id);
    if (path === undefined) return undefined;
    return quietly(() => {
      utimesSync(path, new Date(), new Date()); // its age as a running one begins now
      renameSync(path, this.#file("running", id));
      return this.entry("running", id);
    });
  }

  /** Moves a running one to those that wait. */
  giveBack(id: string, { priority }: Pick<Entry, "priority">): void {
    const path = join(this.path, "waiting", `${priorities.indexOf(priority)}-${id}.json`);
    quietly(() => renameSync(this.#file("running", id), path));
  }

  writeRunning(entry: Entry): void {
    replaceFile(this.#file("running", entry.run.id), JSON.stringify(entry));
  }

  writeEnd(end: RunEnd): void {
    replaceFile(this.#file("ended", end.id), JSON.stringify(end));
    removeQuietly(this.#file("running", end.id));
  }

  /** When a running one was last written, by the clock of whoever wrote. */
  beat(id: string): number | undefined {
    return this.#touched(this.#file("running", id));
  }

  forget(id: string): void {
    const waiting = this.#waiting(id);
    if (waiting !== undefined) removeQuietly(waiting);
    removeQuietly(this.#file("ended", id));
  }

  mark(name: "paused" | `cancelled/${string}`, there: boolean): void {
    const path = join(this.path, `${name}.json`);
    if (there) replaceFile(path, "{}");
    else removeQuietly(path);
  }

  isMarked(name: "paused" | `cancelled/${string}`): boolean {
    return this.#touched(join(this.path, `${name}.json`)) !== undefined;
  }

  #file(state: State, id: string): string {
    return join(this.path, state, `${id}.json`);
  }

  #waiting(id: string): string | undefined {
    return priorities
      .map((_, i) => join(this.path, "waiting", `${i}-${id}.json`))
      .find((path) => this.#touched(path) !== undefined);
  }

  #touched(path: string): number | undefined {
    return statSync(path, { throwIfNoEntry: false })?.mtimeMs;
  }
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    if (error instanceof SyntaxError || hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

/** What `move` returns, undefined where another process has moved the file before. */
function quietly<T>(move: () => T): T | undefined {
  try {
    return move();
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
}
