import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

import { readTrials, trialLogFile } from "../src/sweep/trialLog.ts";
import type { QueueServer } from "../test/support/queueServers.ts";
import { leftovers } from "./outcome.ts";
import { type Started, startCommand } from "./startCommand.ts";

/** What is killed, again and again. */
export const victims = ["worker", "database", "coordinator", "sweep"] as const;
export type Victim = (typeof victims)[number];

export interface KillSweep {
  readonly victim: Victim;
  /** Undefined of a sweep without a queue. */
  readonly server: QueueServer | undefined;
  readonly folder: string;
  /** What varies and how long a run is. */
  readonly flags: readonly string[];
  readonly kills: number;
  readonly workers: number;
  /** In [0, 1). */
  readonly random: () => number;
  readonly say: (line: string) => void;
}

export interface KilledSweep {
  /** Kills that hit while the sweep was on its way. */
  readonly kills: number;
  /** Sentences on what is wrong; none where all is well. */
  readonly wrong: readonly string[];
  /** Losses by trial. */
  readonly losses: ReadonlyMap<string, number | null>;
}

/**
 * Makes a sweep of which a part is killed (`kill -9`, with its whole group) at random moments and started again, and looks at what it
 * came to.
 */
export async function killSweep(how: KillSweep): Promise<KilledSweep> {
  const { victim, server, folder, flags, kills, random, say } = how;
  const queue = server === undefined ? [] : ["--queue", server.url];
  const begin = (): Started =>
    existsSync(join(folder, "sweep.json"))
      ? startCommand(["sweep", "--resume", folder, ...queue])
      : startCommand(["sweep", ...flags, ...queue, "--out", folder]);
  const worker = (): Started => startCommand(["worker", ...queue, "--at-once", "1", "--lost-after", "3"]);
  let coordinator = begin();
  const workers = server === undefined ? [] : Array.from({ length: how.workers }, worker);
  let hit = 0;
  try {
    // A sweep or worker that finds no server when it begins says so and ends, as it should.
    while (victim === "database" && !existsSync(join(folder, "sweep.json"))) await setTimeout(20);
    while (hit < kills) {
      const over = await Promise.race([coordinator.ended, setTimeout(300 + random() * 3000, undefined)]);
      if (over !== undefined) break;
      if (victim === "database") {
        await server?.kill();
        await setTimeout(random() * 1500);
        await server?.start();
      } else if (victim === "worker") {
        const which = Math.floor(random() * workers.length);
        workers[which]?.signal("SIGKILL");
        await workers[which]?.ended;
        workers[which] = worker();
      } else {
        coordinator.signal("SIGKILL");
        await coordinator.ended;
        coordinator = begin();
      }
      hit++;
      say(`kill ${hit}: ${readTrials(folder).trials.size} runs have ended`);
    }
    const { how: ending, stderr } = await coordinator.ended;
    const wrong = ending === 0 ? [] : [`the sweep ended with ${ending}: ${stderr.trim().split("\n").at(-1)}`];
    const { trials } = readTrials(folder);
    const log = existsSync(trialLogFile(folder)) ? readFileSync(trialLogFile(folder), "utf8") : "";
    const lines = log.trim().split("\n");
    if (lines.length !== trials.size) wrong.push(`${lines.length} lines for ${trials.size} runs`);
    for (const { id, row } of trials.values())
      if (row.status !== "finished") wrong.push(`${id} ${row.status}: ${row.error}`);
    wrong.push(...leftovers(join(folder, "trials")).map((path) => `${path} is left behind`));
    return {
      kills: hit,
      wrong,
      losses: new Map([...trials].map(([id, { row }]) => [id, row.valLoss])),
    };
  } finally {
    for (const one of [coordinator, ...workers]) one.signal("SIGTERM");
    await Promise.all([coordinator, ...workers].map((one) => one.ended));
  }
}
