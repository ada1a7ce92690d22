import type { Command } from "commander";
import { quietRun } from "../compare/planComparison.ts";
import { numberFlag } from "../plan/numberFlag.ts";
import type { PlanInput } from "../plan/planInput.ts";
import { readPlanFlags } from "../plan/readPlanFlags.ts";
import { resolvePlan } from "../plan/resolvePlan.ts";
import { UsageError } from "../plan/usageError.ts";
import { parseAxis } from "../sweep/axis.ts";
import { axisSyntax } from "../sweep/axisSyntax.ts";
import { expectSpec } from "../sweep/expectSpec.ts";
import { nextTrials } from "../sweep/nextTrials.ts";
import { restingRates } from "../sweep/restingRates.ts";
import { writeSweep } from "../sweep/sweepFile.ts";
import { createSweepFolder } from "../sweep/sweepFolder.ts";
import { designs, type SweepSpec } from "../sweep/sweepSpec.ts";
import type { CommandIo } from "../text/commandIo.ts";
import { didYouMean } from "../text/suggest.ts";
import { readContenderArguments, readSeeds, repeatCommand } from "./contenderArguments.ts";
import { readParallel, showSweep, sweepShares } from "./showSweep.ts";
import { showTrials } from "./showTrials.ts";
import type { SweepFlags } from "./sweepFlags.ts";
import { sweepQueue } from "./sweepLauncher.ts";
import { expectSlurm, writeSlurm } from "./writeSlurm.ts";

/** What `steepest sweep NAME...` does: a new sweep in a folder of its own. */
export async function beginSweep(command: Command, io: CommandIo): Promise<void> {
  const flags = command.opts<SweepFlags>();
  if (flags.retry !== undefined)
    throw new UsageError("--retry goes with --resume DIR: a new sweep has nothing to retry");
  const inputs = readPlanFlags(flags as Readonly<Record<string, unknown>>);
  const given = readContenderArguments(command, inputs);
  const { over = [] } = flags;
  if (over.length === 0) throw new UsageError(`sweep needs something to vary: --over ${axisSyntax}`);
  const spec: SweepSpec = {
    contenders: given.contenders,
    axes: over.map(parseAxis),
    seeds: readSeeds(flags, inputs),
    base: wholePaths(mergeInputs([...inputs, { modelOptions: given.modelOptions }])),
    design: readDesign(flags.design),
    points: numberFlag("--points", flags.points, { least: 2, whole: true }) ?? 16,
    halving: flags.halving === true,
    extend:
      flags.halving === true ? 0 : (numberFlag("--extend", flags.extend, { least: 0, whole: true }) ?? 3),
    sameExamples: flags.sameExamples === true,
  };
  expectSpec(spec, flags);
  const shares = sweepShares(flags, { threads: spec.base.threads }); // what is wrong with a flag is said before anything is made
  const trials = nextTrials(spec, []); // so is what is wrong with a plan
  if (flags.dryRun === true) return showTrials(spec, trials, shares, io, flags.json === true);
  for (const line of restingRates(spec)) io.err(line);
  if (flags.slurm === true) expectSlurm(flags);
  const queued = flags.slurm === true ? undefined : await sweepQueue(flags);
  try {
    const created = new Date();
    const { folder, lock } = createSweepFolder(flags.out, created);
    try {
      const parallel = readParallel(flags);
      writeSweep(folder, { command: repeatCommand(command, given), spec, created, parallel });
      if (flags.slurm === true) {
        writeSlurm({ folder, flags, trials: trials.length, threads: spec.base.threads }, io);
        return;
      }
      await showSweep(spec, { folder, flags, shares, before: new Map(), queued }, io);
    } finally {
      lock.release();
    }
  } finally {
    await queued?.queue.close();
  }
}

/** One input of several: later ones win, options name by name. */
function mergeInputs(inputs: readonly PlanInput[]): PlanInput {
  const merged: Record<string, unknown> = {};
  for (const input of inputs) {
    for (const [name, value] of Object.entries(input)) {
      if (value === undefined) continue;
      const before = merged[name];
      merged[name] = isObject(value) && isObject(before) ? { ...before, ...value } : value;
    }
  }
  const { optimizer: _, optimizerOptions: __, rateOrigins: ___, seed: ____, ...base } = merged as PlanInput;
  return base;
}

const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Paths from the root, so that the sweep goes on from any folder. */
function wholePaths(base: PlanInput): PlanInput {
  const { data, tokenizer, weights } = resolvePlan(quietRun, base);
  return {
    ...base,
    ...(base.data !== undefined && { data }),
    ...(base.tokenizer !== undefined && { tokenizer }),
    ...(base.weights !== undefined && { weights }),
  };
}

function readDesign(text: string | undefined): SweepSpec["design"] {
  if (text === undefined) return "grid";
  const found = designs.find((name) => name === text);
  if (found !== undefined) return found;
  throw new UsageError(
    `--design must be of ${designs.join(", ")}, got "${text}"${didYouMean(text, designs)}`,
  );
}
