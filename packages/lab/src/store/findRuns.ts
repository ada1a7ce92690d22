import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { FileError, fileError } from "../files/fileError.ts";
import { type RunRecord, readRunRecord } from "./runRecord.ts";

/** Runs of a comparison lie one folder deeper than those of train, trials of a sweep two. */
const DEEPEST = 6;

export interface FoundRuns {
  readonly runs: readonly RunRecord[];
  /** A sentence for each folder that looks like a run and cannot be read. */
  readonly unreadable: readonly string[];
}

/** The runs in these folders and below, those of comparisons and sweeps among them. Throws `FileError` where one is missing. */
export function findRuns(folders: readonly string[]): FoundRuns {
  const runs = new Map<string, RunRecord>();
  const unreadable: string[] = [];
  const visit = (folder: string, depth: number): void => {
    let entries: readonly { readonly name: string; isDirectory(): boolean }[];
    try {
      entries = readdirSync(folder, { withFileTypes: true });
    } catch (error) {
      if (depth > 0) unreadable.push(`${folder} cannot be read: ${String(error)}`);
      else throw fileError("read", folder, error);
      return;
    }
    const names = entries.map(({ name }) => name);
    if (names.includes("config.json") && names.includes("metrics.jsonl")) {
      try {
        runs.set(folder, readRunRecord(folder));
      } catch (error) {
        unreadable.push(error instanceof Error ? error.message : String(error));
      }
      return; // its checkpoints are none
    }
    if (depth === DEEPEST) return;
    for (const entry of entries) {
      if (entry.isDirectory() && entry.name !== "node_modules" && !entry.name.startsWith(".")) {
        visit(join(folder, entry.name), depth + 1);
      }
    }
  };
  for (const folder of folders) {
    if (!existsSync(folder))
      throw new FileError(`there is no folder ${folder}: train or compare makes one, or name another`);
    visit(folder, 0);
  }
  return { runs: [...runs.values()], unreadable };
}
