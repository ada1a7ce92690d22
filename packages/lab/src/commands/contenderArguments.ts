import type { Command } from "commander";

import { type Contender, parseContenders } from "../compare/contender.ts";
import { contenderSyntax } from "../compare/contenderSyntax.ts";
import { defaultJob } from "../plan/defaultJob.ts";
import { parseNumber } from "../plan/numberText.ts";
import { type OwnFlag, ownFlags, readOwnFlags } from "../plan/ownFlags.ts";
import { unknownFlag } from "../plan/planFlags.ts";
import type { PlanInput } from "../plan/planInput.ts";
import type { JsonOptions } from "../plan/runPlan.ts";
import { UsageError } from "../plan/usageError.ts";
import { shellWord } from "../text/shellWord.ts";

/** The command line of several optimizers, beside the flags that commander knows. */
export interface ContenderArguments {
  readonly contenders: readonly Contender[];
  /** Settings of the model, which are flags of their own. */
  readonly modelOptions: JsonOptions;
  /** The optimizers as written. */
  readonly names: readonly string[];
  /** The flags of the model, as written. */
  readonly rest: readonly string[];
}

/** Reads the optimizers and the settings of the model. Throws `UsageError`. */
export function readContenderArguments(command: Command, inputs: readonly PlanInput[]): ContenderArguments {
  const model = inputs.findLast((input) => input.model !== undefined)?.model ?? defaultJob.model;
  const known = ownFlags(command, defaultJob.optimizer, model).filter(({ of }) => of === "modelOptions");
  const { names, rest } = splitArguments(command.args, known);
  const contenders = parseContenders(names, command.name());
  return { contenders, modelOptions: readModelFlags(rest, known, command), names, rest };
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

/** The seeds of `--seeds`, or the one of `--seed` or of a config file. Throws `UsageError`. */
export function readSeeds(
  { seed, seeds }: { readonly seed?: string; readonly seeds?: string },
  inputs: readonly PlanInput[],
): number[] {
  const given = inputs.findLast((input) => input.seed !== undefined)?.seed;
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

/** Where to, how to print and who makes the runs; the address of a queue may hold a password, too. */
const leftOut: readonly string[] = [
  "out",
  "json",
  "child",
  "parallel",
  "queue",
  "tries",
  "priority",
  "slurm",
];

/** The command line again, without what makes no difference to the numbers. */
export function repeatCommand(command: Command, { names, rest }: ContenderArguments): string {
  const values = command.opts<Record<string, unknown>>();
  const flags = command.options.flatMap((option) => {
    const value = values[option.attributeName()];
    const left = leftOut.includes(option.attributeName());
    if (value === true && !left) return [option.long ?? ""];
    if (Array.isArray(value) && !left) return value.flatMap((one) => [option.long ?? "", String(one)]);
    return typeof value === "string" && !left ? [option.long ?? "", value] : [];
  });
  return [`npx steepest ${command.name()}`, ...[...names, ...flags, ...rest].map(shellWord)].join(" ");
}
