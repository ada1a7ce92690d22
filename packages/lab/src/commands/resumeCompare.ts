import type { Command } from "commander";

import { readComparison } from "../compare/comparisonFile.ts";
import { numberFlag } from "../plan/numberFlag.ts";
import { UsageError } from "../plan/usageError.ts";
import { resumeComparison } from "../report/compareOptimizers.ts";
import type { CommandIo } from "../text/commandIo.ts";
import { formatCountOf } from "../text/quantities.ts";
import type { CompareFlags } from "./compareFlags.ts";
import { showComparison } from "./showComparison.ts";

const allowed = ["resume", "json", "open", "threads", "parallel"];

/** What `steepest compare --resume DIR` does: the rest of a comparison. */
export async function resumeCompare(command: Command, directory: string, io: CommandIo): Promise<void> {
  const flags = command.opts<CompareFlags>();
  const other = Object.keys(flags).find((name) => !allowed.includes(name));
  const option = command.options.find((one) => one.attributeName() === other);
  const [extra] = command.args;
  if (option !== undefined || extra !== undefined) {
    throw new UsageError(
      `${option?.long ?? extra} does not go with --resume: the comparison goes on as its compare.json says; ` +
        "for other runs begin another, steepest report puts both into one report",
    );
  }
  const { planned, rows, parallel: before } = readComparison(directory);
  const kept = rows.filter(({ status }) => status === "finished" || status === "diverged").length;
  const failed = rows
    .filter(({ status }) => status === "failed")
    .map(({ label, seed }) => `${label} with seed ${seed}`);
  io.err(
    `${kept} of ${formatCountOf(planned.length, "run")} ${kept === 1 ? "is kept as it is" : "are kept as they are"}`,
  );
  if (failed.length > 0) io.err(`tried again, since it failed: ${failed.join(", ")}`);
  const threads =
    numberFlag("--threads", flags.threads, { least: 1, whole: true }) ?? planned[0]?.plan.threads;
  const parallel = numberFlag("--parallel", flags.parallel, { least: 1, whole: true }) ?? before;
  await showComparison({ flags, runs: planned.length, threads, parallel }, io, (how) =>
    resumeComparison(directory, how),
  );
}
