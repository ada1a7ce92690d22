import { type FileHandle, mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { partFile } from "./partFile.ts";
import { syncFolder } from "./syncFolder.ts";

/**
 * Writes a file whole or not at all, as `replaceFile`, but piece by piece: `write` gets a new file beside `path`, which
 * takes its place when the disk has it. Folders are made as needed. Two processes may do so at once; the later one wins.
 */
export async function writeBeside(path: string, write: (file: FileHandle) => Promise<void>): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const beside = partFile(path);
  try {
    const file = await open(beside, "wx");
    try {
      await write(file);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, path);
    syncFolder(dirname(path));
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}
