import type { ComparedRun } from "../../compare/makeRun.ts";
import { readWatch } from "../../run/watchLog.ts";
import { watchSection } from "./watchSection.ts";

/** The part of a report on what was watched of these runs, from their folders; undefined where nothing was. */
export function readWatched(runs: readonly ComparedRun[]): ReturnType<typeof watchSection> {
  return watchSection(
    runs.map(({ row: { label, runDir } }) => ({ label, lines: runDir === null ? [] : readWatch(runDir) })),
  );
}
