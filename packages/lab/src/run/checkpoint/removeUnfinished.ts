import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

import { checkpointsFolder } from "../../files/listCheckpoints.ts";

/** Removes what a kill in the middle of a checkpoint left behind. */
export function removeUnfinished(runDir: string): void {
  const folder = checkpointsFolder(runDir);
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder).filter((one) => /^\.step-\d+\..*tmp$/.test(one))) {
    rmSync(join(folder, name), { recursive: true, force: true });
  }
}
