import { modelNames } from "@steepest/models";
import { Command } from "commander";

import { defaultJob } from "../plan/defaultJob.ts";
import { ownFlags, readOwnFlags } from "../plan/ownFlags.ts";
import { addPlanFlags, parseNumber, readPlanFlags, unknownFlag } from "../plan/planFlags.ts";
import { parsePlanInput } from "../plan/planInput.ts";
import { resolvePlan } from "../plan/resolvePlan.ts";
import type { RunObserver } from "../plan/runObserver.ts";
import { UsageError } from "../plan/usageError.ts";
import { resumeRun } from "../run/resumeRun.ts";
import type { RunResult } from "../run/runResult.ts";
import { trainRun } from "../run/trainRun.ts";
import type { CommandFactory, CommandIo } from "../text/commandIo.ts";
import { formatAccuracy, formatCount, formatLoss, formatMs, formatShare } from "../text/quantities.ts";
import { runProgress } from "./runProgress.ts";

const examples = `
Examples:
  steepest train                                            muon on Moby Dick, a few minutes at most
  steepest train --optimizer adamw --learning-rate 3e-3 --steps 1000 --schedule cosine
  steepest train --model char-1m --depth 2 --data book.txt --out runs/book
  steepest train --model cnn-small --augment flip,translate=2 --test-time flip      images: Fashion-MNIST
  steepest train --model cnn-small --data pets --image-size 64                      a folder with one subfolder per class
  steepest train --model rosenbrock --optimizer sgd         a function to minimise, no data
  steepest train --config run.json --seed 1                 {"optimizer": "scion", "optimizerOptions": {"learningRate": 0.01}}
  steepest train --resume runs/book                         after a kill, Ctrl-C or power cut
  steepest train --optimizer muon --help                    with the options of muon

Every option of an optimizer and every setting of a model is a flag: learningRate is --learning-rate. One whose
name the command uses itself is --optimizer-NAME or --model-NAME (muon's steps: --optimizer-steps).

Models for text:   ${modelNames.language.join(", ")}
Models for images: ${modelNames.image.join(", ")}
Problems, no data: ${modelNames.problem.join(", ")}`;

/** `steepest train`: one run into a run folder, or the rest of one. */
export const trainCommand: CommandFactory = (io) => {
  const command = new Command("train");
  command.option("--optimizer <NAME>", `see steepest optimizers (default ${defaultJob.optimizer})`);
  addPlanFlags(command)
    .option("--out <DIR>", "the run folder (default runs/<date>-<optimizer>-<seed>)")
    .option("--resume <DIR>", "continue the run in this folder, bit by bit as if it had not stopped")
    .option("--from-step <N>", "with --resume: from this checkpoint instead of the latest")
    .option("--json", "last line of stdout: the result as JSON")
    .allowUnknownOption()
    .allowExcessArguments()
    .addHelpText("after", () => ownHelp(command) + examples)
    .action(async () => {
      const progress = runProgress(io);
      let result: RunResult;
      try {
        result = await run(command, io, progress);
      } finally {
        progress.done();
      }
      report(result, io, command.opts().json === true);
    });
  return command;
};

interface TrainFlags {
  readonly optimizer?: string;
  readonly model?: string;
  readonly out?: string;
  readonly resume?: string;
  readonly fromStep?: string;
  readonly threads?: string;
}

function run(command: Command, { signal }: CommandIo, observer: RunObserver): Promise<RunResult> {
  const flags = command.opts<TrainFlags>();
  if (flags.resume !== undefined) return resume(command, flags.resume, { observer, signal });
  if (flags.fromStep !== undefined) throw new UsageError("--from-step goes with --resume DIR");
  const given = readPlanFlags(command.opts());
  const named = parsePlanInput(flags.optimizer === undefined ? {} : { optimizer: flags.optimizer }, "");
  const inputs = [...given, named];
  const last = (name: "optimizer" | "model"): string =>
    inputs.findLast((input) => input[name] !== undefined)?.[name] ?? defaultJob[name];
  const own = ownFlags(command, last("optimizer"), last("model"));
  const plan = resolvePlan(...inputs, readOwnFlags(command.args, own, command));
  return trainRun(plan, { observer, signal, ...(flags.out !== undefined && { out: flags.out }) });
}

function resume(
  command: Command,
  directory: string,
  io: { observer: RunObserver; signal: AbortSignal },
): Promise<RunResult> {
  const allowed = ["resume", "fromStep", "json", "threads"];
  const other = Object.keys(command.opts()).find((name) => !allowed.includes(name));
  const option = command.options.find((one) => one.attributeName() === other);
  if (option !== undefined) {
    throw new UsageError(
      `${option.long} does not go with --resume: the run continues as its config.json says; ` +
        `for another run use --config ${directory}/config.json`,
    );
  }
  const [extra] = command.args;
  if (extra !== undefined) throw unknownFlag(extra, command);
  const number = (name: "fromStep" | "threads", flag: string, least: number): number | undefined => {
    const text: string | undefined = command.opts<TrainFlags>()[name];
    if (text === undefined) return undefined;
    const value = parseNumber(text);
    if (typeof value === "number" && Number.isSafeInteger(value) && value >= least) return value;
    throw new UsageError(`${flag} must be a whole number ≥ ${least}, got "${text}"`);
  };
  const fromStep = number("fromStep", "--from-step", 1);
  return resumeRun(directory, { ...io, fromStep, threads: number("threads", "--threads", 1) });
}

function report(result: RunResult, io: CommandIo, json: boolean): void {
  const { curves: _, sample, ...summary } = result;
  if (json) {
    io.out(JSON.stringify(summary));
    return;
  }
  if (sample !== undefined) io.out(`${sample}\n`);
  const { steps, trainLoss, valLoss, valAccuracy, msPerStep, tokensPerSecond, unit, optimizerShare, runDir } =
    summary;
  const accuracy = valAccuracy === undefined ? "" : `, validation accuracy ${formatAccuracy(valAccuracy)}`;
  io.out(
    `${steps} steps: training loss ${formatLoss(trainLoss)}, validation loss ${formatLoss(valLoss)}${accuracy}`,
  );
  io.out(
    `${formatMs(msPerStep)} ms a step, ${formatCount(tokensPerSecond)} ${unit}/s, ` +
      `${formatShare(optimizerShare)} of it in the optimizer`,
  );
  io.out(`run folder: ${runDir}`);
}

/** The flags of the optimizer and model that the command line names. */
function ownHelp(command: Command): string {
  const { optimizer = defaultJob.optimizer, model = defaultJob.model } = command.opts<TrainFlags>();
  const lines = (of: string, title: string): string => {
    const own = ownFlags(command, optimizer, model)
      .filter((flag) => flag.of === of)
      .map(({ flag, kind, help }) => [kind === "boolean" ? `--[no-]${flag.slice(2)}` : flag, help] as const);
    const width = Math.max(...own.map(([flag]) => flag.length));
    return `\n${title}:\n${own.map(([flag, help]) => `  ${flag.padEnd(width)}  ${help}`).join("\n")}\n`;
  };
  return lines("optimizerOptions", `Options of ${optimizer}`) + lines("modelOptions", `Settings of ${model}`);
}
