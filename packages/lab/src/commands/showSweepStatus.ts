import { statSync } from "node:fs";
import { resolve } from "node:path";

import { openQueue } from "../queue/openQueue.ts";
import type { QueueState } from "../queue/runQueue.ts";
import { sweepFile } from "../sweep/sweepFile.ts";
import { sweepProgressOf } from "../sweep/sweepProgressOf.ts";
import type { CommandIo } from "../text/commandIo.ts";
import { queueStatusLines } from "./queueStatusLines.ts";
import { sweepStatusLines } from "./sweepStatusLines.ts";
import type { ControlFlags } from "./sweepVerbs.ts";

/** What `steepest sweep status` prints: of a sweep's folder, with what its queue says of it, or of a whole queue. */
export async function showSweepStatus(where: string, flags: ControlFlags, io: CommandIo): Promise<void> {
  const folder = isSweepFolder(where) || !isQueue(where) ? resolve(where) : undefined;
  const sweep = folder === undefined ? undefined : sweepProgressOf(folder);
  const address = folder === undefined ? where : flags.queue;
  const queue = address === undefined ? undefined : await stateOf(address, sweep?.id);
  if (flags.json === true) {
    io.out(JSON.stringify({ ...(sweep !== undefined && { sweep }), ...(queue !== undefined && { queue }) }));
    return;
  }
  if (sweep !== undefined) for (const line of sweepStatusLines(sweep)) io.out(line);
  if (queue !== undefined) for (const line of queueStatusLines(queue, sweep === undefined)) io.out(line);
}

const isSweepFolder = (where: string): boolean => isThere(sweepFile(where));
const isQueue = (where: string): boolean => /^[a-z]+:\/\//i.test(where) || isThere(resolve(where, "waiting"));
const isThere = (path: string): boolean => statSync(path, { throwIfNoEntry: false }) !== undefined;

/** The state of a queue, of one sweep alone where one is asked for. */
async function stateOf(
  address: string,
  sweep: string | undefined,
): Promise<QueueState & { readonly name: string }> {
  const queue = await openQueue(address);
  try {
    const { runs, ...state } = await queue.state();
    const own = sweep === undefined ? runs : runs.filter((run) => run.sweep === sweep);
    return { name: queue.name, ...state, runs: own };
  } finally {
    await queue.close();
  }
}
