import type { Command } from "commander";

import { parseContenders } from "../compare/contender.ts";
import { contenderSyntax } from "../compare/contenderSyntax.ts";
import { planComparison } from "../compare/planComparison.ts";
import { rateRemarks } from "../compare/rateRemarks.ts";
import { defaultJob } from "../plan/defaultJob.ts";
import { type OwnFlag, ownFlags, readOwnFlags } from "../plan/ownFlags.ts";
import { parseNumber, readPlanFlags, unknownFlag } from "../plan/planFlags.ts";
import { UsageError } from "../plan/usageError.ts";
import { compareOptimizers } from "../report/compareOptimizers.ts";
import type { CommandIo } from "../text/commandIo.ts";
import { shellWord } from "../text/shellWord.ts";
import type { CompareFlags } from "./compareFlags.ts";
import { showComparison } from "./showComparison.ts";

/** What `steepest compare NAME...` does: the same job for several optimizers, and a report of it. */
export async function compareContenders(command: Command, io: CommandIo): Promise<void> {
  const flags = command.opts<CompareFlags>();
  const inputs = readPlanFlags(flags as Readonly<Record<string, unknown>>);
  const model = inputs.findLast((input) => input.model !== undefined)?.model ?? defaultJob.model;
  const known = ownFlags(command, defaultJob.optimizer, model).filter(({ of }) => of === "modelOptions");
  const { names, rest } = splitArguments(command.args, known);
  const contenders = parseContenders(names);
  const own = readModelFlags(rest, known, command);
  const seeds = readSeeds(flags, inputs.findLast(({ seed }) => seed !== undefined)?.seed);
  const planned = planComparison(contenders, seeds, ...inputs, { modelOptions: own });

  const remarks = rateRemarks(planned);
  for (const line of remarks.rates) io.err(line);
  if (remarks.warning !== undefined && flags.tune !== true) io.err(remarks.warning);
  const threads = planned[0]?.plan.threads;
  await showComparison({ flags, runs: planned.length, threads }, io, (how) =>
    compareOptimizers(planned, {
      ...how,
      out: flags.out,
      command: repeatCommand(command, names, rest),
      tune: flags.tune === true,
    }),
  );
}

/** Optimizers, and the flags of the model with their values. */
function splitArguments(
  args: readonly string[],
  known: readonly OwnFlag[],
): { names: string[]; rest: string[] } {
  const names: string[] = [];
  const rest: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const argument = args[i] ?? "";
    if (!argument.startsWith("-")) {
      names.push(argument);
      continue;
    }
    rest.push(argument);
    const next = args[i + 1];
    const isSwitch =
      argument.startsWith("--no-") || known.some(({ flag, kind }) => flag === argument && kind === "boolean");
    const takesNext = !argument.includes("=") && next !== undefined && !next.startsWith("--");
    if (takesNext && (!isSwitch || next === "true" || next === "false")) {
      rest.push(next);
      i++;
    }
  }
  return { names, rest };
}

function readModelFlags(rest: readonly string[], known: readonly OwnFlag[], command: Command) {
  const ofOptimizers = rest.find((flag) =>
    /^--(optimizer|learning-rate|momentum|weight-decay|b1|b2|eps|nesterov)\b/.test(flag),
  );
  if (ofOptimizers !== undefined && !known.some(({ flag }) => flag === ofOptimizers)) {
    throw new UsageError(
      `${ofOptimizers} is for one optimizer, and here are several: write ${contenderSyntax}`,
    );
  }
  const [first] = rest;
  if (first !== undefined && !first.startsWith("--")) throw unknownFlag(first, command);
  return readOwnFlags(rest, known, command).modelOptions;
}

function readSeeds({ seed, seeds }: CompareFlags, given: number | undefined): number[] {
  if (seeds === undefined) return [given ?? defaultJob.seed];
  if (seed !== undefined) throw new UsageError("--seed and --seeds do not go together: give one of them");
  const read = seeds.split(",").map((text) => parseNumber(text.trim()));
  const whole = read.filter((value): value is number => Number.isSafeInteger(value) && Number(value) >= 0);
  if (whole.length < read.length) {
    throw new UsageError(
      `--seeds must be whole numbers ≥ 0 with commas between, for example 0,1,2; got "${seeds}"`,
    );
  }
  if (new Set(whole).size < whole.length) throw new UsageError(`--seeds has a seed twice: "${seeds}"`);
  return whole;
}

/** The command line again, without where to and how to print. */
function repeatCommand(command: Command, names: readonly string[], rest: readonly string[]): string {
  const values = command.opts<Record<string, unknown>>();
  const flags = command.options.flatMap((option) => {
    const value = values[option.attributeName()];
    const left = ["out", "json", "child"].includes(option.attributeName());
    if (value === true && !left) return [option.long ?? ""];
    return typeof value === "string" && !left ? [option.long ?? "", value] : [];
  });
  return ["npx steepest compare", ...[...names, ...flags, ...rest].map(shellWord)].join(" ");
}
