import { createHash } from "node:crypto";

/** The SHA-256 of all pieces one after the other, texts as UTF-8, in hexadecimal. */
export function sha256(...pieces: readonly (string | Uint8Array)[]): string {
  const hash = createHash("sha256");
  for (const piece of pieces) hash.update(piece);
  return hash.digest("hex");
}
