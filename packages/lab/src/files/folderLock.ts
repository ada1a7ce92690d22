import { randomUUID } from "node:crypto";
import {
  linkSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";

import { FileError, fileError, hasCode } from "./fileError.ts";
import { removeQuietly } from "./removeQuietly.ts";

/** The file that says which process writes into a folder. */
export const LOCK_NAME = ".lock";
const HEARTBEAT_MS = 15_000;
/** A process that has not shown itself for so long is taken to be gone, wherever it was. */
const STALE_MS = 300_000;
/** The locks of this process: one with its number that is not among them is of an earlier process. */
const own = new Set<string>();

/** Whether a file of a folder is only there while somebody works, or was left by a kill. */
export const isPassing = (name: string): boolean => name.startsWith(LOCK_NAME) || name.endsWith(".part");

/** One process's right to write into a folder. */
export interface FolderLock {
  /** Throws `FileError` where the folder is gone, was renamed, or another process has taken it over. */
  expectHeld(): void;
  release(): void;
}

interface Owner {
  readonly pid: number;
  readonly host: string;
  readonly since: string;
}

/**
 * Takes a folder for this process alone. `what` reads like "run folder". A lock left behind by a kill is taken over: its
 * process is gone from this host, or has not touched the file for five minutes. Throws `FileError` where somebody else is
 * at work there.
 */
export function lockFolder(folder: string, what: string): FolderLock {
  const path = join(folder, LOCK_NAME);
  const owner: Owner = { pid: process.pid, host: hostname(), since: new Date().toISOString() };
  const content = `${JSON.stringify({ ...owner, key: randomUUID() })}\n`;
  try {
    for (let found = take(path, content); found !== undefined; found = take(path, content)) {
      if (!isStale(path, found)) throw new FileError(inUse(folder, what, found));
      removeStale(path, found);
    }
  } catch (error) {
    throw fileError("lock the folder", folder, error);
  }
  own.add(content);
  removeHalfLocks(folder);
  const heartbeat = setInterval(() => touch(path, content), HEARTBEAT_MS);
  heartbeat.unref();
  const held = (): boolean => read(path) === content;
  return {
    expectHeld() {
      if (held()) return;
      const other = parseOwner(read(path) ?? "");
      throw new FileError(
        other === undefined
          ? `the ${what} ${folder} is gone: it was removed or renamed while this process wrote into it`
          : `the ${what} ${folder} was taken over by process ${other.pid} on ${other.host}: this one stops`,
      );
    },
    release() {
      clearInterval(heartbeat);
      own.delete(content);
      if (held()) removeQuietly(path);
    },
  };
}

/** Writes the lock where there is none; else returns what is there. It appears whole: a link to a finished file. */
function take(path: string, content: string): string | undefined {
  const beside = `${path}.${process.pid}`;
  try {
    writeFileSync(beside, content);
    linkSync(beside, path);
    return undefined;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return read(path) ?? take(path, content);
    if (!["EPERM", "ENOTSUP", "ENOSYS", "EMLINK"].some((code) => hasCode(error, code))) throw error;
    return takeWithoutLinks(path, content);
  } finally {
    removeQuietly(beside);
  }
}

/** For file systems without hard links. */
function takeWithoutLinks(path: string, content: string): string | undefined {
  try {
    writeFileSync(path, content, { flag: "wx" });
    return undefined;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return read(path) ?? takeWithoutLinks(path, content);
    throw error;
  }
}

/** What a kill between writing a lock and giving it its name left behind. */
function removeHalfLocks(folder: string): void {
  for (const name of readdirSync(folder)) {
    const [, pid] = /^\.lock\.(\d+)(?:\.old)?$/.exec(name) ?? [];
    if (pid !== undefined && Number(pid) !== process.pid && !isAlive(Number(pid)))
      removeQuietly(join(folder, name));
  }
}

function isStale(path: string, content: string): boolean {
  const owner = parseOwner(content);
  if (owner?.host === hostname()) {
    if (owner.pid === process.pid ? !own.has(content) : !isAlive(owner.pid)) return true;
  }
  const touched = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
  return touched === undefined || Date.now() - touched > STALE_MS;
}

/** Removes a stale lock, and no other that took its place in the meantime. */
function removeStale(path: string, content: string): void {
  const aside = `${path}.${process.pid}.old`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (hasCode(error, "ENOENT")) return;
    throw error;
  }
  if (read(aside) !== content) renameSync(aside, path);
  else rmSync(aside, { force: true });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return !hasCode(error, "ESRCH");
  }
  try {
    // On Linux: a process that has ended, and whose end nobody has asked for yet, still answers to signals.
    return !/^\d+ \(.*\) [ZX] /s.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return true;
  }
}

function touch(path: string, content: string): void {
  try {
    if (read(path) === content) utimesSync(path, new Date(), new Date());
  } catch {} // gone: the next `expectHeld` says so
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT") || hasCode(error, "ENOTDIR")) return undefined;
    throw error;
  }
}

function parseOwner(content: string): Owner | undefined {
  try {
    const value: unknown = JSON.parse(content);
    if (typeof value !== "object" || value === null) return undefined;
    if (!("pid" in value && "host" in value && "since" in value)) return undefined;
    const { pid, host, since } = value;
    return Number.isSafeInteger(pid) && Number(pid) > 0
      ? { pid: Number(pid), host: String(host), since: String(since) }
      : undefined;
  } catch {
    return undefined;
  }
}

/** The process that works in a folder, in words; undefined where none does. */
export function folderOwner(folder: string): string | undefined {
  const path = join(folder, LOCK_NAME);
  const content = read(path);
  return content === undefined || isStale(path, content) ? undefined : nameOf(content);
}

function nameOf(content: string): string {
  const owner = parseOwner(content);
  return owner === undefined
    ? "another process"
    : `process ${owner.pid} on ${owner.host} since ${owner.since.slice(0, 19).replace("T", " ")} UTC`;
}

const inUse = (folder: string, what: string, content: string): string =>
  `the ${what} ${folder} is in use by ${nameOf(content)}: wait until it has ended, or stop it`;
