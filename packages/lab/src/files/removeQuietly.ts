import { rmSync } from "node:fs";

/** Removes a file or folder. What cannot be removed stays: it does no harm, and another error matters more. */
export function removeQuietly(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {}
}
