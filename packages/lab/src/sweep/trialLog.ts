import { closeSync, fsyncSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writeFully } from "@steepest/models/node";

import type { CompareRow } from "../compare/compareRow.ts";
import { fileError, hasCode } from "../files/fileError.ts";
import type { JsonOptions } from "../plan/runPlan.ts";

/** A line of `trials.jsonl`: a trial and how it ended. The last line of an id counts. */
export interface LoggedTrial {
  readonly id: string;
  readonly settings: JsonOptions;
  readonly share: number;
  readonly row: CompareRow;
}

export const trialLogFile = (folder: string): string => join(folder, "trials.jsonl");

/** The trials of a sweep's folder by id, and how many lines could not be read. Without a log there are none. Throws `FileError`. */
export function readTrials(folder: string): { trials: Map<string, LoggedTrial>; damaged: number } {
  const path = trialLogFile(folder);
  const trials = new Map<string, LoggedTrial>();
  let damaged = 0;
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT")) return { trials, damaged };
    throw fileError("read", path, error);
  }
  for (const line of text.split("\n")) {
    if (line === "") continue;
    const trial = parseLine(line);
    if (trial === undefined) damaged++;
    else trials.set(trial.id, trial);
  }
  return { trials, damaged };
}

function parseLine(line: string): LoggedTrial | undefined {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== "object" || value === null) return undefined;
    const { id, settings, share, row } = value as Partial<LoggedTrial>;
    const whole =
      typeof id === "string" &&
      typeof settings === "object" &&
      typeof share === "number" &&
      typeof row?.status === "string";
    return whole ? (value as LoggedTrial) : undefined;
  } catch {
    return undefined;
  }
}

/** Adds a line and waits until the disk has it. A half line that a kill left at the end is closed first. Throws `FileError`. */
export function logTrial(folder: string, trial: LoggedTrial): void {
  const path = trialLogFile(folder);
  try {
    const file = openSync(path, "a+");
    try {
      const before = readFileSync(path);
      const open = before.length > 0 && before.at(-1) !== 10;
      writeFully(file, new TextEncoder().encode(`${open ? "\n" : ""}${JSON.stringify(trial)}\n`));
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw fileError("write", path, error);
  }
}
