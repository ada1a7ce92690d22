import { existsSync, mkdirSync, readdirSync, rmdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { replaceFile } from "@steepest/models/node";
import { FileError, fileError, hasCode } from "../files/fileError.ts";
import { firstFreePath } from "../files/firstFreePath.ts";
import { type FolderLock, isPassing, lockFolder } from "../files/folderLock.ts";
import { removeEmptyFolders } from "../files/removeEmptyFolders.ts";
import { shellWord } from "../text/shellWord.ts";
import type { RunConfig } from "./runConfig.ts";

/**
 * Makes the folder of a new run with its `config.json`, locks it, and returns its absolute path. `out` must be new or
 * empty; without it the folder is `runs/<date>-<optimizer>-<seed>`, with a number behind it where that is
 * taken. Throws `FileError`; then nothing that was not there before is left.
 */
export function createRunFolder(
  config: RunConfig,
  out: string | undefined,
): { runDir: string; lock: FolderLock } {
  const base =
    out ?? join("runs", `${config.created.slice(0, 10)}-${config.plan.optimizer}-${config.plan.seed}`);
  const path = resolve(out ?? firstFreePath(base));
  if (existsSync(path)) expectEmpty(path);
  let made: string | undefined;
  let lock: FolderLock | undefined;
  try {
    made = mkdirSync(path, { recursive: true });
    lock = lockFolder(path, "run folder");
    expectEmpty(path); // of two that begin at once, the second finds the first one's files
    replaceFile(join(path, "config.json"), `${JSON.stringify(config, null, 2)}\n`);
    return { runDir: path, lock };
  } catch (error) {
    lock?.release();
    if (made !== undefined) removeEmptyFolders(path, made);
    throw fileError("write the run folder", path, error);
  }
}

/** Undoes `createRunFolder` for a run that never made a step. */
export function removeRunFolder(path: string): void {
  try {
    for (const name of ["config.json", "metrics.jsonl", "watch.jsonl"])
      rmSync(join(path, name), { force: true });
    rmdirSync(path);
  } catch {} // something else is in it, or it is gone
}

function expectEmpty(path: string): void {
  let names: string[];
  try {
    names = readdirSync(path).filter((name) => !isPassing(name));
  } catch (error) {
    if (hasCode(error, "ENOTDIR"))
      throw new FileError(`${path} is a file: choose another run folder (--out)`);
    throw fileError("read the run folder", path, error);
  }
  if (names.length === 0) return;
  const advice = names.includes("config.json")
    ? `continue it with --resume ${shellWord(path)}, or choose another (--out)`
    : "choose another run folder (--out)";
  throw new FileError(`${path} exists and is not empty: ${advice}`);
}
