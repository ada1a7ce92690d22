import { runInChild } from "../compare/runInChild.ts";
import { type Runner, runHere } from "../compare/runner.ts";
import type { CommandIo } from "../text/commandIo.ts";
import { stoppingRuns } from "../text/stoppingRuns.ts";

/** Makes runs in processes of their own where this process is the command, with so many threads each. */
export function ownRunner(threads: number | undefined, io: CommandIo): Runner {
  const [, script = ""] = process.argv;
  const own = /steepest(\.js)?$/.test(script) ? runInChild(script) : runHere;
  return (plan, how) => {
    io.listen(stoppingRuns);
    return own(threads === undefined ? plan : { ...plan, threads }, how);
  };
}
