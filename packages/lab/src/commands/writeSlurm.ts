import { join } from "node:path";
import { replaceFile } from "@steepest/models/node";

import { numberFlag } from "../plan/numberFlag.ts";
import { UsageError } from "../plan/usageError.ts";
import { parseQueueAddress } from "../queue/queueAddress.ts";
import type { CommandIo } from "../text/commandIo.ts";
import { formatCountOf } from "../text/quantities.ts";
import { shellWord } from "../text/shellWord.ts";
import { slurmScript } from "./slurmScript.ts";
import type { SweepFlags } from "./sweepFlags.ts";

/** Tasks of an array where nobody says how many. */
const TASKS = 8;

interface Slurm {
  readonly folder: string;
  readonly flags: SweepFlags;
  /** Trials that are called for at first. */
  readonly trials: number;
  /** Of each run, if somebody said so. */
  readonly threads: number | undefined;
}

/** Throws `UsageError` where the flags do not go with `--slurm`. */
export function expectSlurm({ queue, budget }: SweepFlags): void {
  if (budget !== undefined) throw new UsageError("--budget does not go with --slurm: give the job a --time");
  if (queue === undefined) return;
  const address = parseQueueAddress(queue);
  if (address.kind !== "folder" && new URL(address.url).password !== "") {
    throw new UsageError(
      "a password in --queue would stand in the script of --slurm: keep it in ~/.pgpass, or take a folder as queue",
    );
  }
}

/** Writes `slurm.sh` into the folder of a sweep and says how to submit it. */
export function writeSlurm({ folder, flags, trials, threads }: Slurm, io: CommandIo): void {
  const asked = numberFlag("--parallel", flags.parallel, { least: 1, whole: true });
  const tasks = Math.min(asked ?? TASKS, trials);
  const address = flags.queue === undefined ? undefined : parseQueueAddress(flags.queue);
  const queue =
    address === undefined ? join(folder, "queue") : address.kind === "folder" ? address.folder : address.url;
  const [, script = ""] = process.argv;
  const path = join(folder, "slurm.sh");
  replaceFile(
    path,
    slurmScript({ folder, program: [process.execPath, script], queue, tasks, threads: threads ?? 1 }),
  );
  io.out(
    `${formatCountOf(trials, "run")} for ${formatCountOf(tasks, "task")}; submit with: sbatch ${shellWord(path)}; see how far it is with: ` +
      `steepest sweep status ${shellWord(folder)} --queue ${shellWord(queue)}`,
  );
}
