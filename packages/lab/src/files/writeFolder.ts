import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { syncFolder } from "@steepest/models/node";

import { FileError, fileError, hasCode } from "./fileError.ts";
import { removeEmptyFolders } from "./removeEmptyFolders.ts";
import { removeQuietly } from "./removeQuietly.ts";

export interface WriteFolderOptions {
  /** Takes the place of a folder that is there. Default false: that is an error, unless it is empty. */
  readonly replace?: boolean;
}

/**
 * Makes a folder in one go: `fill` writes into one beside it, which is flushed to the disk and renamed, so that a kill
 * at any moment leaves the folder whole or not at all. `doing` reads like "write the export".
 *
 * Throws `FileError` where the folder exists and is not empty, or the system refuses; what `fill` throws comes
 * through. Then nothing is left behind.
 */
export function writeFolder(
  given: string,
  doing: string,
  fill: (beside: string) => void,
  { replace = false }: WriteFolderOptions = {},
): void {
  const target = existsSync(given) ? realpathSync(given) : given; // behind a link
  if (!replace) expectFree(target);
  const beside = join(dirname(target), `.${basename(target)}.${process.pid}.tmp`);
  let made: string | undefined;
  try {
    made = mkdirSync(dirname(target), { recursive: true });
    rmSync(beside, { recursive: true, force: true });
    mkdirSync(beside);
    fill(beside);
    for (const name of readdirSync(beside)) flush(join(beside, name));
    syncFolder(beside);
    // A rename onto a folder fails on Windows. One that is not to be replaced is empty, see above.
    if (replace) rmSync(target, { recursive: true, force: true });
    else if (existsSync(target)) rmdirSync(target);
    renameSync(beside, target);
    syncFolder(dirname(target));
  } catch (error) {
    removeQuietly(beside);
    if (made !== undefined) removeEmptyFolders(dirname(target), made);
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
