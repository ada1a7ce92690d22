import { Command } from "commander";

import { queueSyntax } from "../queue/queueSyntax.ts";
import type { CommandIo } from "../text/commandIo.ts";
import { withThreads } from "./withThreads.ts";
import type { WorkerFlags } from "./workerFlags.ts";

const help = `
The address of a queue is ${queueSyntax}.

Examples:
  steepest worker --queue redis://queue.lab:6379
  steepest worker --queue postgres://steepest@db.lab/queue --at-once 4 --threads 2
  steepest worker --queue redis://queue.lab:6379 --root /mnt/runs     where this machine has the folders of sweeps
  steepest worker --queue /shared/queue --idle 60                      ends when nothing came for a minute

Start as many as there are machines; they may come and go at any time. A run has a folder of its own, in the folder of its sweep where
this machine sees it (--root says where), otherwise in runs/ here: then its numbers travel back, its files do not. A run whose worker was
lost is given to another one after --lost-after seconds and goes on from its checkpoint where both see the folder. Ctrl-C and SIGTERM
save the runs on their way and give them back. A password is better kept in ~/.pgpass or PGPASSWORD than in the address.`;

/** `steepest worker`: make the runs that sweeps hand to a queue. */
export const workerCommand = (io: CommandIo): Command =>
  new Command("worker")
    .option("--queue <URL>", "the queue to take runs from")
    .option("--at-once <N>", "runs at once (default as many as the cores have room for)")
    .option("--threads <N>", "threads of each run (default those of its sweep, or 1)")
    .option("--root <DIR>", "where this machine has, or makes, the folders of sweeps")
    .option("--lost-after <SECONDS>", "silence after which a run is taken from its worker (default 30)")
    .option("--idle <SECONDS>", "end when no run came for so long (default never)")
    .addHelpText("after", help)
    .action(async (flags: WorkerFlags) => {
      const { workFromQueue } = await withThreads(() => import("./workFromQueue.ts"));
      await workFromQueue(flags, io);
    });
