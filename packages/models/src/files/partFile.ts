import { randomBytes } from "node:crypto";
import { readdirSync, rmSync, statSync } from "node:fs";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { sha256 } from "./sha256.ts";

/** Longest time between two writes to a file that somebody is still making. */
const abandonedAfter = 24 * 60 * 60 * 1000;

/**
 * The name of a new file beside `path` that will take its place: `NAME.HOST-PROCESS-RANDOM.part`. Files of such names that
 * processes left behind when they were killed are removed: those of this machine whose process is gone, and any that
 * nobody has written to for a day (the folder may be shared by several machines).
 */
export function partFile(path: string): string {
  const folder = dirname(path);
  for (const name of readdirSync(folder)) {
    if (isAbandoned(folder, name)) rmSync(join(folder, name), { force: true });
  }
  return join(folder, `${basename(path)}.${host()}-${process.pid}-${randomBytes(4).toString("hex")}.part`);
}

const host = (): string => sha256(hostname()).slice(0, 8);

function isAbandoned(folder: string, name: string): boolean {
  const [, itsHost, pid] = /\.([0-9a-f]{8})-(\d+)-[0-9a-f]{8}\.part$/.exec(name) ?? [];
  if (itsHost === undefined || pid === undefined) return false;
  if (itsHost === host() && !isRunning(Number(pid))) return true;
  const written = statSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs;
  return written !== undefined && Date.now() - written > abandonedAfter;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0); // asks, sends nothing
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM"; // somebody else's
  }
}
