import { readdirSync } from "node:fs";
import { join } from "node:path";

import { hasCode } from "./fileError.ts";

export const checkpointsFolder = (runDir: string): string => join(runDir, "checkpoints");

export const checkpointFolder = (runDir: string, step: number): string =>
  join(checkpointsFolder(runDir), `step-${step}`);

/** The steps of a run's checkpoints, ascending. Unfinished ones do not count. */
export function listCheckpoints(runDir: string): number[] {
  let names: string[];
  try {
    names = readdirSync(checkpointsFolder(runDir));
  } catch (error) {
    if (hasCode(error, "ENOENT")) return [];
    throw error;
  }
  return names
    .flatMap((name) => /^step-(\d{1,15})$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}
