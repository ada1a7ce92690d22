import type { Command } from "commander";

import { planComparison } from "../compare/planComparison.ts";
import { rateRemarks } from "../compare/rateRemarks.ts";
import { numberFlag } from "../plan/numberFlag.ts";
import { readPlanFlags } from "../plan/readPlanFlags.ts";
import { compareOptimizers } from "../report/compareOptimizers.ts";
import type { CommandIo } from "../text/commandIo.ts";
import type { CompareFlags } from "./compareFlags.ts";
import { readContenderArguments, readSeeds, repeatCommand } from "./contenderArguments.ts";
import { showComparison } from "./showComparison.ts";

/** What `steepest compare NAME...` does: the same job for several optimizers, and a report of it. */
export async function compareContenders(command: Command, io: CommandIo): Promise<void> {
  const flags = command.opts<CompareFlags>();
  const inputs = readPlanFlags(flags as Readonly<Record<string, unknown>>);
  const given = readContenderArguments(command, inputs);
  const { contenders, modelOptions } = given;
  const planned = planComparison(contenders, readSeeds(flags, inputs), ...inputs, { modelOptions });

  const remarks = rateRemarks(planned);
  for (const line of remarks.rates) io.err(line);
  if (remarks.warning !== undefined && flags.tune !== true) io.err(remarks.warning);
  const threads = planned[0]?.plan.threads;
  const parallel = numberFlag("--parallel", flags.parallel, { least: 1, whole: true });
  await showComparison({ flags, runs: planned.length, threads, parallel }, io, (how) =>
    compareOptimizers(planned, {
      ...how,
      out: flags.out,
      parallel,
      command: repeatCommand(command, given),
      tune: flags.tune === true,
    }),
  );
}
