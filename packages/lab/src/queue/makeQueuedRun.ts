import { existsSync, mkdirSync } from "node:fs";
import { basename, join, resolve } from "node:path";

import type { CompareRow } from "../compare/compareRow.ts";
import { makeRun } from "../compare/makeRun.ts";
import type { Runner } from "../compare/runner.ts";
import { fileError } from "../files/fileError.ts";
import type { QueuedRun } from "./queuedRun.ts";

export interface MakeQueuedIo {
  readonly runner: Runner;
  /** Where this machine has the folders of sweeps; undefined: where they say that they are, or in `runs/`. */
  readonly root: string | undefined;
  readonly signal: AbortSignal;
  readonly onStep: (step: number) => void;
  readonly say: (line: string) => void;
}

/**
 * Makes a run of a queue into the folder that is its own: what is there already is gone on with, so that a run that was handed over
 * twice is made once. Never rejects for a fault of the run. Throws `FileError` where the folder cannot be made.
 */
export async function makeQueuedRun(run: QueuedRun, io: MakeQueuedIo): Promise<CompareRow> {
  const trials = join(sweepFolderHere(run.folder, io.root), "trials");
  try {
    mkdirSync(trials, { recursive: true });
  } catch (error) {
    throw fileError("make the folder", trials, error);
  }
  const { row } = await makeRun(run, join(trials, run.name), {
    runner: io.runner,
    observer: {
      onPrepare: (_, line) => io.say(`${run.name}: ${line}`),
      onStep: (_, { step }) => io.onStep(step),
    },
    signal: io.signal,
    resume: true,
  });
  return row;
}

/** The folder of a sweep on this machine. */
export function sweepFolderHere(folder: string, root: string | undefined): string {
  if (root !== undefined) return resolve(root, basename(folder));
  return existsSync(folder) ? folder : resolve("runs", basename(folder));
}
