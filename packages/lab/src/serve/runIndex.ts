import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { basename, join, resolve } from "node:path";

import { FileError } from "../files/fileError.ts";
import { LOCK_NAME } from "../files/folderLock.ts";
import { type RunRecord, readRunRecord } from "../store/runRecord.ts";
import { readSmallJson, regularFile } from "./regularFile.ts";

/** A run in the table of the window. */
export interface RunEntry extends Omit<RunRecord, "run" | "plan" | "modelOptions"> {
  /** Its address: the path below the folder that is served. */
  readonly id: string;
  /** The comparison or sweep it is part of. */
  readonly folder: string | null;
  /** The same for runs that differ by their seed only. */
  readonly group: string;
  /** What `tokens` of its metrics counts. */
  readonly unit: string | null;
}

/** A comparison or a sweep. */
export interface FolderEntry {
  readonly id: string;
  readonly kind: "compare" | "sweep";
}

export interface RunList {
  /** Grows when anything of the list changes. */
  readonly version: number;
  readonly runs: readonly RunEntry[];
  readonly folders: readonly FolderEntry[];
  /** A sentence for each folder that looks like a run and cannot be read. */
  readonly unreadable: readonly string[];
}

export interface RunIndex {
  /** Looks again at the folders; what did not change is not read again. */
  refresh(): RunList;
  /** The folder on the disk of a run, comparison or sweep of the list; undefined for any other text. */
  pathOf(id: string): string | undefined;
  entryOf(id: string): RunEntry | undefined;
}

/** Runs of a comparison lie one folder deeper than those of train, trials of a sweep two. */
const DEEPEST = 6;
const LARGEST_CONFIG = 16e6;

interface Known {
  readonly stamp: string;
  readonly entry: RunEntry | string;
}

/**
 * The runs in folders and below. Addresses are names in a table, never paths to be opened: nothing outside the folders can
 * be asked for. Links to folders are not followed. Throws `FileError` where a folder is missing.
 */
export function openRunIndex(given: readonly string[]): RunIndex {
  const roots = namedRoots(given);
  const known = new Map<string, Known>();
  let paths = new Map<string, string>();
  let list: RunList = { version: 0, runs: [], folders: [], unreadable: [] };
  let lastState = "";

  function refresh(): RunList {
    const found = new Map<string, string>();
    const runs: RunEntry[] = [];
    const folders: FolderEntry[] = [];
    const unreadable: string[] = [];
    const visit = (path: string, id: string, parent: string | null, depth: number): void => {
      let entries: readonly { readonly name: string; isDirectory(): boolean }[];
      try {
        entries = readdirSync(path, { withFileTypes: true });
      } catch {
        unreadable.push(`${id} cannot be read`);
        return;
      }
      const names = new Set(entries.map(({ name }) => name));
      if (names.has("config.json") && names.has("metrics.jsonl")) {
        const entry = readOnce(path, id, parent);
        if (typeof entry === "string") unreadable.push(entry);
        else {
          runs.push(entry);
          found.set(id, path);
        }
        return; // its checkpoints are none
      }
      const kind = names.has("sweep.json") ? "sweep" : names.has("compare.json") ? "compare" : undefined;
      if (kind !== undefined) {
        folders.push({ id, kind });
        found.set(id, path);
      }
      if (depth === DEEPEST) return;
      for (const entry of entries)
        if (entry.isDirectory() && entry.name !== "node_modules" && !entry.name.startsWith("."))
          visit(join(path, entry.name), `${id}/${entry.name}`, kind === undefined ? parent : id, depth + 1);
    };
    for (const [name, path] of roots) visit(path, name, null, 0);
    paths = found;
    const there = new Set(found.values());
    for (const path of known.keys()) if (!there.has(path)) known.delete(path);
    const state = JSON.stringify([runs, folders, unreadable]);
    if (state !== lastState) list = { version: list.version + 1, runs, folders, unreadable };
    lastState = state;
    return list;
  }

  function readOnce(path: string, id: string, folder: string | null): RunEntry | string {
    const stamp = stampOf(path);
    const before = known.get(path);
    if (before !== undefined && before.stamp === stamp) return before.entry;
    const entry = readEntry(path, id, folder);
    known.set(path, { stamp, entry });
    return entry;
  }

  return {
    refresh,
    pathOf: (id) => paths.get(id),
    entryOf: (id) => list.runs.find((run) => run.id === id),
  };
}

/** Names of the folders in addresses: their last part, with a number where two have the same. */
function namedRoots(given: readonly string[]): ReadonlyMap<string, string> {
  const roots = new Map<string, string>();
  for (const folder of given) {
    const path = resolve(folder);
    try {
      readdirSync(path);
    } catch {
      throw new FileError(`there is no folder ${folder}: train or compare makes one, or name another`);
    }
    if ([...roots.values()].includes(path)) continue;
    const name = basename(path) || "runs";
    let free = name;
    for (let i = 2; roots.has(free); i++) free = `${name}-${i}`;
    roots.set(free, path);
  }
  return roots;
}

/** Changes with what an entry is made of; a lock is alive for a minute. */
function stampOf(path: string): string {
  const parts = ["config.json", "summary.json"].map((name) => {
    const found = regularFile(join(path, name));
    return found === undefined ? "-" : `${found.size} ${found.mtimeMs}`;
  });
  const lock = regularFile(join(path, LOCK_NAME));
  return [...parts, lock !== undefined && Date.now() - lock.mtimeMs < 60_000].join(" ");
}

function readEntry(path: string, id: string, folder: string | null): RunEntry | string {
  const config = readSmallJson(join(path, "config.json"), LARGEST_CONFIG);
  if (config === undefined) return `${id}: its config.json cannot be read`;
  const summary = regularFile(join(path, "summary.json"));
  if (summary === undefined && linkOrPipe(path)) return `${id}: its summary.json is no file`;
  try {
    const { run: _, plan, modelOptions: __, ...record } = readRunRecord(path);
    return { ...record, id, folder, group: groupOf(plan), unit: unitOf(config) };
  } catch {
    return `${id}: its config.json is not that of a run`;
  }
}

/** `readRunRecord` would wait for a pipe, and follow a link. */
const linkOrPipe = (path: string): boolean =>
  readdirSync(path, { withFileTypes: true }).some(
    (entry) => entry.name === "summary.json" && !entry.isFile() && !entry.isDirectory(),
  );

function groupOf(plan: unknown): string {
  const same = typeof plan === "object" ? { ...plan, seed: undefined, threads: undefined } : plan;
  return createHash("sha256").update(JSON.stringify(same)).digest("hex").slice(0, 12);
}

function unitOf(config: unknown): string | null {
  if (typeof config !== "object" || config === null || !("batches" in config)) return null;
  const { batches } = config;
  if (typeof batches !== "object" || batches === null || !("unit" in batches)) return null;
  return typeof batches.unit === "string" ? batches.unit : null;
}
