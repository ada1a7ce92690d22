import { Command } from "commander";

import { queueSyntax } from "../queue/queueSyntax.ts";
import type { CommandIo } from "../text/commandIo.ts";
import type { ControlFlags, SweepVerb } from "./sweepVerbs.ts";

const help: Readonly<Record<SweepVerb, string>> = {
  status: `
Examples:
  steepest sweep status runs/rates                                     what has ended, what is on its way here
  steepest sweep status runs/rates --queue redis://queue.lab:6379      and what workers do for it
  steepest sweep status redis://queue.lab:6379                         all that is in a queue`,
  pause: `
No worker of the queue begins a run until steepest sweep unpause; those on their way end. It holds for all sweeps there.

Examples:
  steepest sweep pause redis://queue.lab:6379`,
  unpause: `
Examples:
  steepest sweep unpause redis://queue.lab:6379`,
  cancel: `
Takes the runs of a sweep out of a queue; workers save those on their way and leave them. steepest sweep --resume DIR goes on with them.

Examples:
  steepest sweep cancel runs/rates --queue redis://queue.lab:6379`,
};

const usage: Readonly<Record<SweepVerb, string>> = {
  status: "DIR|URL [options]",
  pause: "URL",
  unpause: "URL",
  cancel: "DIR --queue URL",
};

const about: Readonly<Record<SweepVerb, string>> = {
  status: "How far a sweep is, or what a queue holds",
  pause: "Let no worker of a queue begin a run",
  unpause: "Let the workers of a queue go on",
  cancel: "Take the runs of a sweep out of a queue",
};

/** `steepest sweep status`, `pause`, `unpause` and `cancel`: a verb in place of the first optimizer. */
export function addSweepVerb(sweep: Command, verb: SweepVerb, io: CommandIo): void {
  const command = new Command(verb).usage(usage[verb]).description(about[verb]).argument("<WHERE>");
  if (verb === "status" || verb === "cancel")
    command.option("--queue <URL>", `the queue that the sweep uses: ${queueSyntax}`);
  if (verb === "status") command.option("--json", "last line of stdout: the same as JSON");
  command.addHelpText("after", help[verb]).action(async (where: string, flags: ControlFlags) => {
    if (verb === "status") {
      const { showSweepStatus } = await import("./showSweepStatus.ts");
      return showSweepStatus(where, flags, io);
    }
    const { controlQueue } = await import("./controlQueue.ts");
    return controlQueue(verb, where, flags, io);
  });
  sweep.addCommand(command);
}
