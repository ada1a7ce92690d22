import { setTimeout } from "node:timers/promises";

import { folderOwner } from "../files/folderLock.ts";

const ASK_MS = 250;

/**
 * Waits until nobody works in a run folder, and says so: the process of a run outlives a comparison that was killed until
 * its step and a checkpoint are done. Returns at once when asked to stop.
 */
export async function folderFree(
  folder: string,
  say: (line: string) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  let said = false;
  for (let owner = folderOwner(folder); owner !== undefined; owner = folderOwner(folder)) {
    if (signal?.aborted) return;
    if (!said) say(`waiting for ${owner}, which still writes into ${folder}`);
    said = true;
    await setTimeout(ASK_MS);
  }
}
