import { closeSync, fsyncSync, openSync } from "node:fs";

/** Waits until the disk has the names in a folder. */
export function syncFolder(path: string): void {
  if (process.platform === "win32") return; // folders cannot be opened there, and NTFS journals renames
  const folder = openSync(path, "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
