import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

import type { Blow, Round } from "./drawRound.ts";
import { argumentsOf, type Job, markerOf } from "./job.ts";
import { differences, leftovers, type Outcome, outcomeOf } from "./outcome.ts";
import { isNamedByProcess, processesBelow } from "./processesBelow.ts";
import { type Ending, type Started, startCommand } from "./startCommand.ts";

/** What a blow may end a process with, where it does not finish before. */
const endings: Readonly<Record<Blow["disturbance"], readonly Ending["how"][]>> = {
  "SIGKILL alone": ["SIGKILL"],
  SIGKILL: ["SIGKILL"],
  // A rank or what joins the ranks: the others end, and one sentence says so.
  "SIGKILL of one below": [1, "SIGKILL"],
  // 130 with everything saved; the signal itself before anybody listens to it.
  SIGINT: [130, "SIGINT"],
  "SIGINT twice": [130, "SIGINT", "SIGKILL"],
  SIGTERM: [130, "SIGTERM"],
  SIGHUP: [130, "SIGHUP"],
  overlap: [1],
  "closed pipes": [],
  "full disk": [1],
};

/**
 * Disturbs a job as the round says, lets it finish, and compares with what it comes to undisturbed. Sentences on what is
 * wrong; none where all is well.
 */
export async function playRound(
  round: Round,
  job: Job,
  folder: string,
  expected: Outcome,
): Promise<string[]> {
  const wrong: string[] = [];
  for (const blow of round.blows) {
    const started = start(job, folder, blow.disturbance === "full disk" ? blow.limit : undefined);
    const beside = await strike(blow, started, job, folder);
    const ending = await started.ended;
    // Ranks end a moment after what started them, or begin a run that nobody waits for.
    if (job.again !== undefined) while (isNamedByProcess(folder)) await setTimeout(50);
    wrong.push(...complaints(`after ${blow.disturbance}`, ending, endings[blow.disturbance]));
    if (beside !== undefined) wrong.push(...complaints("the second of two at once", beside, [1]));
  }
  const last = await start(job, folder).ended;
  wrong.push(...complaints("undisturbed at last", last, []));
  wrong.push(...differences(expected, outcomeOf(folder)));
  wrong.push(...leftovers(folder).map((path) => `${path} is left behind`));
  return wrong;
}

/** What a job comes to undisturbed. Throws where it does not finish. */
export async function undisturbed(job: Job, folder: string): Promise<Outcome> {
  const { how, stderr } = await start(job, folder).ended;
  if (how !== 0) throw new Error(`${job.name} does not finish undisturbed: ${how}\n${stderr}`);
  return outcomeOf(folder);
}

const start = (job: Job, folder: string, limit?: number): Started =>
  startCommand(argumentsOf(job, folder, existsSync(join(folder, markerOf(job)))), limit);

/** Waits for the moment and strikes. Where a second process was started, how that one ended. */
async function strike(blow: Blow, started: Started, job: Job, folder: string): Promise<Ending | undefined> {
  let over = false;
  void started.ended.then(() => {
    over = true;
  });
  const before = stateOf(folder);
  for (let seen = before, changes = 0; changes < blow.changes && !over; ) {
    await setTimeout(8);
    const now = stateOf(folder);
    if (now !== seen) changes++;
    seen = now;
  }
  await setTimeout(blow.delay);
  if (over) return undefined;
  switch (blow.disturbance) {
    case "SIGKILL alone":
      started.child.kill("SIGKILL");
      return undefined;
    case "SIGKILL of one below": {
      const below = processesBelow(started.child.pid ?? 0);
      const one = below[blow.limit % below.length];
      try {
        process.kill(one ?? started.child.pid ?? 0, "SIGKILL");
      } catch {} // it has ended meanwhile
      return undefined;
    }
    case "SIGINT twice":
      started.signal("SIGINT");
      await setTimeout(300);
      started.signal("SIGINT");
      return undefined;
    case "overlap":
      return start(job, folder).ended;
    case "closed pipes":
      started.child.stdout?.destroy();
      started.child.stderr?.destroy();
      return undefined;
    case "full disk":
      return undefined;
    default:
      started.signal(blow.disturbance);
      return undefined;
  }
}

/** Sizes of what is in the folder: it changes with every line and file. */
function stateOf(folder: string): string {
  if (!existsSync(folder)) return "";
  try {
    return readdirSync(folder, { recursive: true, encoding: "utf8" })
      .map((name) => `${name} ${statSync(join(folder, name), { throwIfNoEntry: false })?.size}`)
      .join();
  } catch {
    return "a folder was removed meanwhile";
  }
}

/** An ending that nobody expects, or that is not told in one sentence. */
function complaints(when: string, { how, stderr }: Ending, allowed: readonly Ending["how"][]): string[] {
  const wrong: string[] = [];
  if (how !== 0 && !allowed.includes(how)) wrong.push(`${when}: it ended with ${how}`);
  if (/^\s+at .+:\d+/m.test(stderr)) wrong.push(`${when}: a stack trace`);
  const errors = stderr.split("\n").filter((line) => line.startsWith("error: "));
  if (how === 1 && errors.length !== 1) wrong.push(`${when}: ${errors.length} lines of error`);
  if (how === 130 && !/ go on with: steepest (train|compare|sweep) --resume /.test(stderr)) {
    wrong.push(`${when}: it does not say how to go on`);
  }
  return wrong.map((sentence) => (stderr === "" ? sentence : `${sentence}\n${indent(stderr)}`));
}

const indent = (text: string): string => text.trimEnd().replace(/^/gm, "    ");
