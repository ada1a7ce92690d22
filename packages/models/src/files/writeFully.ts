import { writeSync } from "node:fs";

/** A write may take only part of the bytes, a full disk shows at the next. */
export function writeFully(file: number, bytes: Uint8Array): void {
  let written = 0;
  while (written < bytes.length) written += writeSync(file, bytes, written, bytes.length - written);
}
