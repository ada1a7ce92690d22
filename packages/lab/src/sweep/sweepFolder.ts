import { mkdirSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";

import { FileError, fileError } from "../files/fileError.ts";
import { firstFreePath } from "../files/firstFreePath.ts";
import { type FolderLock, LOCK_NAME, lockFolder } from "../files/folderLock.ts";

/** For messages about its lock. */
export const SWEEP_FOLDER = "folder of the sweep";

/**
 * Makes the folder of a sweep, locks it, and returns its absolute path. `out` must be new or empty; without it the folder is
 * `runs/<date>-sweep`, with a number behind it where that is taken. Throws `FileError`.
 */
export function createSweepFolder(out: string | undefined, now: Date): { folder: string; lock: FolderLock } {
  const folder = resolve(out ?? firstFreePath(join("runs", `${now.toISOString().slice(0, 10)}-sweep`)));
  try {
    mkdirSync(join(folder, "trials"), { recursive: true });
    const lock = lockFolder(folder, SWEEP_FOLDER);
    const own = (name: string): boolean => name.startsWith(LOCK_NAME) || name === "trials";
    if (readdirSync(folder).every(own) && readdirSync(join(folder, "trials")).length === 0)
      return { folder, lock };
    lock.release();
  } catch (error) {
    throw fileError("write the folder of the sweep", folder, error);
  }
  throw new FileError(`${folder} exists and is not empty: choose another folder for the sweep (--out)`);
}
