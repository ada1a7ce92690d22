import { existsSync, mkdirSync, readdirSync, rmdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { replaceFile } from "@steepest/models/node";
import { FileError, fileError, hasCode } from "../files/fileError.ts";
import type { RunConfig } from "./runConfig.ts";

/**
 * Makes the folder of a new run with its `config.json` and returns its absolute path. `out` must be new or
 * empty; without it the folder is `runs/<date>-<optimizer>-<seed>`, with a number behind it where that is
 * taken. Throws `FileError`; then nothing that was not there before is left.
 */
export function createRunFolder(config: RunConfig, out: string | undefined): string {
  const base =
    out ?? join("runs", `${config.created.slice(0, 10)}-${config.plan.optimizer}-${config.plan.seed}`);
  const path = resolve(out ?? firstFree(base));
  if (existsSync(path)) expectEmpty(path);
  let made: string | undefined;
  try {
    made = mkdirSync(path, { recursive: true });
    replaceFile(join(path, "config.json"), `${JSON.stringify(config, null, 2)}\n`);
    return path;
  } catch (error) {
    if (made !== undefined) removeEmpty(path, made);
    throw fileError("write the run folder", path, error);
  }
}

/** Undoes `createRunFolder` for a run that never made a step. */
export function removeRunFolder(path: string): void {
  try {
    for (const name of ["config.json", "metrics.jsonl"]) rmSync(join(path, name), { force: true });
    rmdirSync(path);
  } catch {} // something else is in it, or it is gone
}

function firstFree(base: string): string {
  for (let i = 1; ; i++) {
    const path = i === 1 ? base : `${base}-${i}`;
    if (!existsSync(path)) return path;
  }
}

function expectEmpty(path: string): void {
  let names: string[];
  try {
    names = readdirSync(path);
  } catch (error) {
    if (hasCode(error, "ENOTDIR"))
      throw new FileError(`${path} is a file: choose another run folder (--out)`);
    throw fileError("read the run folder", path, error);
  }
  if (names.length === 0) return;
  const advice = names.includes("config.json")
    ? `continue it with --resume ${path}, or choose another (--out)`
    : "choose another run folder (--out)";
  throw new FileError(`${path} exists and is not empty: ${advice}`);
}

/** Removes folders that were just made, from `path` up to `topmost`. */
function removeEmpty(path: string, topmost: string): void {
  try {
    for (let folder = path; ; folder = resolve(folder, "..")) {
      rmdirSync(folder);
      if (folder === topmost) return;
    }
  } catch {} // not empty: somebody else uses it
}
