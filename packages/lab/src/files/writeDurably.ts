import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";

/** Writes a new file from its pieces and waits until the disk has it. */
export function writeDurably(path: string, pieces: readonly Uint8Array[]): void {
  const file = openSync(path, "wx");
  try {
    for (const piece of pieces) writeFully(file, piece);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Replaces a file in one go: at any moment there is the old one or the new one, whole. */
export function replaceFile(path: string, text: string): void {
  const beside = `${path}.${process.pid}.tmp`;
  try {
    writeDurably(beside, [new TextEncoder().encode(text)]);
    renameSync(beside, path);
    syncFolder(dirname(path));
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
}

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

/** A write may take only part of the bytes, a full disk shows at the next. */
export function writeFully(file: number, bytes: Uint8Array): void {
  let written = 0;
  while (written < bytes.length) written += writeSync(file, bytes, written, bytes.length - written);
}
