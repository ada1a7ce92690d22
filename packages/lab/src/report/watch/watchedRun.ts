import type { WatchLine } from "../../watch/watchLine.ts";

/** What was watched of a run. */
export interface WatchedRun {
  readonly label: string;
  readonly lines: readonly WatchLine[];
}
