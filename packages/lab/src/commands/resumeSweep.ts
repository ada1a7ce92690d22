import { resolve } from "node:path";
import type { Command } from "commander";

import { lockFolder } from "../files/folderLock.ts";
import { UsageError } from "../plan/usageError.ts";
import { readSweep } from "../sweep/sweepFile.ts";
import { SWEEP_FOLDER } from "../sweep/sweepFolder.ts";
import type { SweepSpec } from "../sweep/sweepSpec.ts";
import { readTrials } from "../sweep/trialLog.ts";
import type { CommandIo } from "../text/commandIo.ts";
import { formatCountOf } from "../text/quantities.ts";
import { type MadeSweep, showSweep, sweepShares } from "./showSweep.ts";
import type { SweepFlags } from "./sweepFlags.ts";
import { sweepQueue } from "./sweepLauncher.ts";

const allowed = [
  "resume",
  "retry",
  "json",
  "open",
  "threads",
  "parallel",
  "budget",
  "queue",
  "tries",
  "priority",
];

/** What `steepest sweep --resume DIR` does: the rest of a sweep. */
export async function resumeSweep(command: Command, directory: string, io: CommandIo): Promise<void> {
  const flags = command.opts<SweepFlags>();
  const other = Object.keys(flags).find((name) => !allowed.includes(name));
  const option = command.options.find((one) => one.attributeName() === other);
  const [extra] = command.args;
  if (option !== undefined || extra !== undefined) {
    throw new UsageError(
      `${option?.long ?? extra} does not go with --resume: the sweep goes on as its sweep.json says; for another one begin anew`,
    );
  }
  if (flags.retry !== undefined && flags.retry !== "failed") {
    throw new UsageError(`--retry must be failed, got "${flags.retry}"`);
  }
  const folder = resolve(directory);
  const { spec, parallel } = readSweep(folder);
  const shares = sweepShares(flags, { threads: spec.base.threads, parallel });
  const queued = await sweepQueue(flags);
  try {
    await resumeIn(folder, spec, { flags, shares, queued }, io);
  } finally {
    await queued?.queue.close();
  }
}

async function resumeIn(
  folder: string,
  spec: SweepSpec,
  made: Omit<MadeSweep, "folder" | "before">,
  io: CommandIo,
): Promise<void> {
  const lock = lockFolder(folder, SWEEP_FOLDER);
  try {
    const { trials, damaged } = readTrials(folder);
    if (damaged > 0) {
      const lines =
        damaged === 1 ? "1 line of trials.jsonl cannot" : `${damaged} lines of trials.jsonl cannot`;
      io.err(`${lines} be read and is left out; a run it may have told of goes on from its folder`);
    }
    const failed = [...trials.values()].filter(({ row }) => row.status === "failed").length;
    if (failed > 0 && made.flags.retry === undefined) {
      io.err(
        `${formatCountOf(failed, "failed run stays as it is", "failed runs stay as they are")}; ` +
          "--retry failed makes them again",
      );
    }
    await showSweep(spec, { ...made, folder, before: trials }, io);
  } finally {
    lock.release();
  }
}
