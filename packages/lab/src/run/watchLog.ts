import { existsSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";

import { diagnosticNames } from "../plan/watch/diagnostics.ts";
import type { WatchLine } from "../watch/watchLine.ts";
import { type KeepLine, type LinesLog, openLines, readLines } from "./linesLog.ts";

const schema = v.object({
  step: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  diagnostic: v.picklist([...diagnosticNames, "cost"]),
  scope: v.picklist(["layer", "role", "all", "cost"]),
  name: v.string(),
  role: v.exactOptional(v.string()),
  norm: v.exactOptional(v.string()),
  values: v.record(v.string(), v.number()),
  arrays: v.exactOptional(v.record(v.string(), v.array(v.number()))),
});

const watchFile = (runDir: string): string => join(runDir, "watch.jsonl");

/**
 * Opens the append-only `watch.jsonl` of a run that is watched and stands at `step`; -1: it begins. What the file holds
 * beyond is cut off, and lines that are damaged or there twice are left out. Throws `FileError`.
 */
export function openWatchLog(
  runDir: string,
  step: number,
): { log: LinesLog<WatchLine>; earlier: WatchLine[] } {
  const { log, lines: earlier } = openLines(watchFile(runDir), eachOnce(step));
  return { log, earlier };
}

/** The good lines of what was watched of a run; none where nothing was. Throws `FileError`. */
export function readWatch(runDir: string): WatchLine[] {
  if (!existsSync(watchFile(runDir))) return [];
  return readLines(watchFile(runDir), eachOnce(Number.POSITIVE_INFINITY));
}

/** Good lines up to a step, in the order of their steps, each once. */
function eachOnce(upTo: number): KeepLine<WatchLine> {
  const seen = new Set<string>();
  let last = 0;
  return (value) => {
    const parsed = v.safeParse(schema, value);
    if (!parsed.success) return undefined;
    const { step, diagnostic, scope, name } = parsed.output;
    const key = JSON.stringify([step, diagnostic, scope, name]);
    if (step > upTo || step < last || seen.has(key)) return undefined;
    last = step;
    seen.add(key);
    return parsed.output;
  };
}
