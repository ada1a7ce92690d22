import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { syncFolder } from "@steepest/models/node";
import { FileError, fileError, hasCode } from "../files/fileError.ts";

/**
 * Makes a folder in one go: `fill` writes into one beside it, which is flushed to the disk and renamed, so that
 * the folder is either whole or not there. `doing` reads like "write the export".
 *
 * Throws `FileError` where the folder exists and is not empty, or the system refuses; what `fill` throws comes
 * through. Then nothing is left behind.
 */
export function newFolder(target: string, doing: string, fill: (beside: string) => void): void {
  expectFree(target);
  const beside = join(dirname(target), `.${basename(target)}.${process.pid}.tmp`);
  let made: string | undefined;
  try {
    made = mkdirSync(dirname(target), { recursive: true });
    rmSync(beside, { recursive: true, force: true });
    mkdirSync(beside);
    fill(beside);
    for (const name of readdirSync(beside)) flush(join(beside, name));
    syncFolder(beside);
    if (existsSync(target)) rmdirSync(target); // empty, see above; a rename onto it fails on Windows
    renameSync(beside, target);
    syncFolder(dirname(target));
  } catch (error) {
    rmSync(beside, { recursive: true, force: true });
    if (made !== undefined) removeEmpty(dirname(target), made);
    throw fileError(doing, target, error);
  }
}

function expectFree(target: string): void {
  let names: string[];
  try {
    names = readdirSync(target);
  } catch (error) {
    if (hasCode(error, "ENOENT")) return;
    if (hasCode(error, "ENOTDIR")) throw new FileError(`${target} is a file: choose another folder (--out)`);
    throw fileError("read", target, error);
  }
  if (names.length > 0) {
    throw new FileError(`${target} exists and is not empty: remove it, or choose another folder (--out)`);
  }
}

function flush(path: string): void {
  const file = openSync(path, "r+");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Removes folders that were just made, from `path` up to `topmost`. */
function removeEmpty(path: string, topmost: string): void {
  try {
    for (let folder = path; ; folder = dirname(folder)) {
      rmdirSync(folder);
      if (folder === topmost) return;
    }
  } catch {} // somebody else uses it
}
