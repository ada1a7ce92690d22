import { randomBytes } from "node:crypto";
import { type FileHandle, mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Writes a file whole or not at all: `write` gets a new file beside `path`, which then takes its place. Folders
 * are made as needed. Two processes may do so at once; the later one wins.
 */
export async function writeBeside(path: string, write: (file: FileHandle) => Promise<void>): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const beside = `${path}.${process.pid}-${randomBytes(4).toString("hex")}.part`;
  try {
    const file = await open(beside, "wx");
    try {
      await write(file);
    } finally {
      await file.close();
    }
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}
