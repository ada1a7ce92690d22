import type { Command } from "commander";

import type { CompareRow } from "../compare/compareRow.ts";
import { compareTable } from "../compare/compareTable.ts";
import { parseContenders } from "../compare/contender.ts";
import { contenderSyntax } from "../compare/contenderSyntax.ts";
import { findingsOf } from "../compare/findings.ts";
import { planComparison } from "../compare/planComparison.ts";
import { rateRemarks } from "../compare/rateRemarks.ts";
import { runInChild } from "../compare/runInChild.ts";
import { runHere } from "../compare/runner.ts";
import { tuneRates } from "../compare/tuneRates.ts";
import { defaultJob } from "../plan/defaultJob.ts";
import { type OwnFlag, ownFlags, readOwnFlags } from "../plan/ownFlags.ts";
import { parseNumber, readPlanFlags, unknownFlag } from "../plan/planFlags.ts";
import { UsageError } from "../plan/usageError.ts";
import { type CompareResult, compareOptimizers } from "../report/compareOptimizers.ts";
import { RunInterruptedError } from "../run/runErrors.ts";
import type { CommandIo } from "../text/commandIo.ts";
import { wrapWords } from "../text/fitTable.ts";
import { formatDuration } from "../text/formatDuration.ts";
import { terminalColours } from "../text/terminalColours.ts";
import { compareDisplay } from "./compareDisplay.ts";
import type { CompareFlags } from "./compareFlags.ts";

/** What `steepest compare` does: the same job for several optimizers, and a report of it. */
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
  let display: ReturnType<typeof compareDisplay> | undefined;
  const [, script] = process.argv;
  const began = performance.now();
  const runner =
    script?.endsWith("steepest.js") || script?.endsWith("steepest") ? runInChild(script) : runHere;
  const tune = async (folder: string) => {
    const jobs = [...inputs, { modelOptions: own }];
    const found = await tuneRates(contenders, jobs, { folder, runner, signal: io.signal, report: io.err });
    for (const label of found.atEdge)
      io.err(
        `the best rate of ${label} is at the edge of what was tried: give one further out and tune again`,
      );
    return { planned: planComparison(found.contenders, seeds, ...jobs), trials: found.trials };
  };
  let result: CompareResult;
  try {
    result = await compareOptimizers(planned, {
      out: flags.out,
      command: repeatCommand(command, names, rest),
      runner,
      observe(runs) {
        display = compareDisplay(runs, io);
        return display.observer;
      },
      ...(flags.tune === true && { tune }),
      signal: io.signal,
    });
  } finally {
    display?.done();
  }
  report(result, io, flags.json === true, (performance.now() - began) / 1000);
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
    return typeof value === "string" && !left ? [option.long ?? "", value] : [];
  });
  return ["npx steepest compare", ...[...names, ...flags, ...rest].map(shellWord)].join(" ");
}

const shellWord = (word: string): string =>
  /^[\w.,:=/@%+-]+$/.test(word) ? word : `'${word.replace(/'/g, "'\\''")}'`;

function report(
  { rows, runs, report: path, interrupted, remarks }: CompareResult,
  io: CommandIo,
  json: boolean,
  seconds: number,
): void {
  if (json) {
    io.out(JSON.stringify({ rows, rates: remarks.rates, report: path }));
  } else {
    const width = Math.max(20, process.stdout.columns ?? 120);
    const { headline, details } = findingsOf(rows);
    for (const line of compareTable(runs, width, terminalColours(process.stdout))) io.out(line);
    io.out("");
    const unfair = remarks.warning === undefined ? [] : [remarks.warning];
    for (const sentence of [headline, ...details, ...unfair, ...remarks.rates])
      for (const line of wrapWords(sentence, width)) io.out(line);
    io.out(
      `\n${rows.length} ${rows.length === 1 ? "run" : "runs"} in ${formatDuration(seconds)}; report: ${path}`,
    );
  }
  const last = rows.at(-1);
  if (interrupted) throw new RunInterruptedError(last?.steps ?? 0, last?.runDir ?? path);
  const stopped = rows.filter(({ status }) => status !== "finished");
  if (stopped.length > 0)
    throw new Error(
      `${stopped.length} of ${rows.length} runs did not finish: ${stopped.map(why).join("; ")}`,
    );
}

const why = ({ label, seed, error = "" }: CompareRow): string => `${label} with seed ${seed}: ${error}`;
