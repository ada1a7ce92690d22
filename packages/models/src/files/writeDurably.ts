import { closeSync, fsyncSync, openSync } from "node:fs";
import { writeFully } from "./writeFully.ts";

/** Writes a new file from its pieces and waits until the disk has it. Fails where there is one. */
export function writeDurably(path: string, pieces: readonly Uint8Array[]): void {
  const file = openSync(path, "wx");
  try {
    for (const piece of pieces) writeFully(file, piece);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
