import { rmdirSync } from "node:fs";
import { dirname } from "node:path";

/** Removes folders that were just made, from `path` up to `topmost`, as far as they are empty. */
export function removeEmptyFolders(path: string, topmost: string): void {
  try {
    for (let folder = path; ; folder = dirname(folder)) {
      rmdirSync(folder);
      if (folder === topmost) return;
    }
  } catch {} // not empty: somebody else uses it
}
