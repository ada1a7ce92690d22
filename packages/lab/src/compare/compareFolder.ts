import { mkdirSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";

import { FileError, fileError } from "../files/fileError.ts";
import { firstFreePath } from "../files/firstFreePath.ts";
import { type FolderLock, isPassing, lockFolder } from "../files/folderLock.ts";

/**
 * Makes the folder of a comparison, locks it, and returns its absolute path. `out` must be new or empty; without it the folder is
 * `runs/<date>-compare`, with a number behind it where that is taken. Throws `FileError`.
 */
export function createCompareFolder(
  out: string | undefined,
  now: Date,
): { folder: string; lock: FolderLock } {
  const folder = resolve(out ?? firstFreePath(join("runs", `${now.toISOString().slice(0, 10)}-compare`)));
  try {
    mkdirSync(folder, { recursive: true });
    const lock = lockFolder(folder, "folder of the comparison");
    if (readdirSync(folder).every(isPassing)) return { folder, lock };
    lock.release();
  } catch (error) {
    throw fileError("write the folder of the comparison", folder, error);
  }
  throw new FileError(`${folder} exists and is not empty: choose another folder for the comparison (--out)`);
}

/** The folder of one run in that of the comparison: readable, and different for different labels. */
export function runFolderName(label: string, seed: number, labels: readonly string[]): string {
  const plain = (text: string): string => text.replace(/[^A-Za-z0-9._=-]+/g, "-").slice(0, 80);
  const same = labels.filter((other) => plain(other) === plain(label));
  const number = same.length > 1 ? `-${same.indexOf(label) + 1}` : "";
  return `${plain(label)}${number}-seed${seed}`;
}
