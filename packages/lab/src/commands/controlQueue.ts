import { resolve } from "node:path";

import { UsageError } from "../plan/usageError.ts";
import { openQueue } from "../queue/openQueue.ts";
import { queueSyntax } from "../queue/queueSyntax.ts";
import { readSweep } from "../sweep/sweepFile.ts";
import { sweepId } from "../sweep/sweepId.ts";
import type { CommandIo } from "../text/commandIo.ts";
import { formatCountOf } from "../text/quantities.ts";
import type { ControlFlags, SweepVerb } from "./sweepVerbs.ts";

/** Pauses a queue, lets it go on, or takes a sweep out of it. */
export async function controlQueue(
  verb: Exclude<SweepVerb, "status">,
  where: string,
  flags: ControlFlags,
  io: CommandIo,
): Promise<void> {
  if (verb === "cancel") return cancelSweep(where, flags, io);
  const queue = await openQueue(where);
  try {
    await queue.pause(verb === "pause");
    io.out(
      verb === "pause"
        ? `paused: no worker of ${queue.name} begins a run; those on their way end`
        : `the workers of ${queue.name} go on`,
    );
  } finally {
    await queue.close();
  }
}

async function cancelSweep(folder: string, flags: ControlFlags, io: CommandIo): Promise<void> {
  if (flags.queue === undefined)
    throw new UsageError(
      `sweep cancel needs the queue that the sweep uses: --queue ${queueSyntax}; a sweep without one is stopped with Ctrl-C`,
    );
  const sweep = sweepId(readSweep(resolve(folder)));
  const queue = await openQueue(flags.queue);
  try {
    const waiting = await queue.cancel(sweep);
    io.out(
      `cancelled: ${formatCountOf(waiting, "waiting run is", "waiting runs are")} taken out of ${queue.name}; ` +
        "workers save those on their way and leave them",
    );
  } finally {
    await queue.close();
  }
}
