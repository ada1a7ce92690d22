import { renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { partFile } from "./partFile.ts";
import { syncFolder } from "./syncFolder.ts";
import { writeDurably } from "./writeDurably.ts";

/**
 * Replaces a file, or makes it, in one go and at once: at any moment there is the old one or the new one, whole. For a
 * file that is made piece by piece, see `writeBeside`.
 */
export function replaceFile(path: string, content: string | readonly Uint8Array[]): void {
  const beside = partFile(path);
  try {
    writeDurably(beside, typeof content === "string" ? [new TextEncoder().encode(content)] : content);
    renameSync(beside, path);
    syncFolder(dirname(path));
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
}
