import { existsSync } from "node:fs";
import { join } from "node:path";

import { folderOwner, LOCK_NAME, lockFolder } from "./folderLock.ts";

/**
 * Removes the lock of a process that is gone: one that was killed when all was done but that. A lock of a living process stays,
 * and so does one that cannot be removed.
 */
export function removeAbandonedLock(folder: string): void {
  if (!existsSync(join(folder, LOCK_NAME)) || folderOwner(folder) !== undefined) return;
  try {
    lockFolder(folder, "run folder").release();
  } catch {} // another process was quicker
}
