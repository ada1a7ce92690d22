import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseNumber, UsageError } from "@steepest/lab/plan";
import { describeEnvironment } from "@steepest/lab/run";
import {
  type CommandFactory,
  type CommandIo,
  terminalColours,
  terminalWidth,
  wrapWords,
} from "@steepest/lab/text";
import { Command, Option } from "commander";
import { describeOptimizer, didYouMean, optimizerNames } from "steepest";
import { startOptimizersWith } from "../engines/startEngines.ts";
import { measureOptimizers } from "../optimizer/measureOptimizers.ts";
import { mergeStudies } from "../optimizer/mergeStudies.ts";
import {
  machineLine,
  optimizerFigure,
  optimizerMarkdown,
  optimizerTable,
  shareLine,
} from "../optimizer/optimizerReport.ts";
import type { OptimizerMeasurements } from "../optimizer/optimizerStudy.ts";
import { serveOptimizers } from "../optimizer/serveOptimizers.ts";
import { defaultTargets, type OptimizerTarget, optimizerTarget, targetNames } from "../optimizer/targets.ts";

const help = `
Targets: MxN is one hidden weight; ${targetNames.join(", ")} are all parameters of a GPT (width 32, 256 and 512).

Examples:
  steepest bench optimizer                                     all of them on ${defaultTargets.join(", ")}: half an hour
  steepest bench optimizer muon mano --targets 2560x6848
  steepest bench optimizer adamw muon --targets gpt gpt-large  with the share of a whole training step
  steepest bench optimizer sgd --targets gpt-tiny              to see that it works

Times one update on ONNX Runtime; sgd, adamw, lion, signum, muon, scion, mano and mano_v2 also on PyTorch where a python3
has it (npm run peers), by the fastest of its forms (eager, foreach, fused, torch.compile): same weights and gradients, same
first update, in turns. "least" is what has to cross memory: weights, gradients and state in, weights and
state out; "moved" what the graph's operators read and write; "bound" the time that bandwidth and peak of this machine,
measured in the same run, ask for. An optimizer that takes longer than --limit is left out with a message.`;

interface OptimizerFlags {
  readonly targets?: readonly string[];
  readonly turns?: string;
  readonly limit?: string;
  readonly python?: string;
  readonly out?: string;
  readonly json?: boolean;
  readonly child?: boolean;
}

/** `steepest bench optimizer`: time of an update. */
export const benchOptimizerCommand: CommandFactory = (io) =>
  new Command("optimizer")
    .argument("[NAME...]", "optimizers (default: all that need only gradients)")
    .option(
      "--targets <NAME...>",
      `of ${targetNames.join(", ")}, or MxN (default ${defaultTargets.join(" ")})`,
    )
    .option("--turns <N>", "turns of every engine (default 3)")
    .option("--limit <SECONDS>", "longest answer: compiling and the first update, or one turn (default 60)")
    .option("--python <FILE>", "a python3 with torch (default that of npm run peers, else python3)")
    .option(
      "--out <FOLDER>",
      "write optimizer-speed.json, .svg and .md there; rows of other targets there stay",
    )
    .option("--json", "last line of stdout: rows and what they were measured with as JSON")
    .addOption(new Option("--child").hideHelp()) // the process of our engine
    .addHelpText("after", help)
    .action((names: readonly string[], flags: OptimizerFlags) => benchOptimizer(names, flags, io));

async function benchOptimizer(names: readonly string[], flags: OptimizerFlags, io: CommandIo): Promise<void> {
  if (flags.child === true) return serveOptimizers(process.stdin, io.out);
  io.listen("stopping after what is measured now");
  const measured = await measureOptimizers({
    targets: (flags.targets ?? defaultTargets).flatMap((text) => text.split(",")).map(readTarget),
    optimizers: names.length === 0 ? byGradients() : names.map(readOptimizer),
    turns: readPositive("--turns", flags.turns, 3, Number.isSafeInteger, "a whole number ≥ 1"),
    limitMs: 1000 * readPositive("--limit", flags.limit, 60, Number.isFinite, "seconds > 0"),
    start: startOptimizersWith(flags.python),
    say: io.err,
    signal: io.signal,
  });
  if (flags.out !== undefined && measured.rows.length > 0) writeStudy(flags.out, measured);
  report(measured, io, flags.json === true);
}

/** Those whose update takes nothing but gradients and weights. */
const byGradients = (): string[] =>
  optimizerNames().filter((name) => describeOptimizer(name).needs === undefined);

function readOptimizer(name: string): string {
  const { needs } = describeOptimizer(name); // an unknown name is an error with the nearest one
  if (needs === undefined) return name;
  throw new UsageError(
    `bench optimizer: ${name} needs more than gradients, so its update cannot be timed alone`,
  );
}

function readTarget(text: string): OptimizerTarget {
  const found = optimizerTarget(text);
  if (found !== undefined) return found;
  throw new UsageError(
    `--targets must be of ${targetNames.join(", ")}, or like 512x2048, got "${text}"${didYouMean(text, targetNames)}`,
  );
}

function readPositive(
  flag: string,
  text: string | undefined,
  standard: number,
  good: (value: number) => boolean,
  what: string,
): number {
  if (text === undefined) return standard;
  const value = parseNumber(text);
  if (typeof value === "number" && good(value) && value > 0) return value;
  throw new UsageError(`${flag} must be ${what}, got "${text}"`);
}

function report(measured: OptimizerMeasurements, io: CommandIo, json: boolean): void {
  const { cpu, cores, node } = describeEnvironment();
  if (json) io.out(JSON.stringify({ ...measured, computer: { cpu, cores, node } }));
  else {
    const width = terminalWidth(process.stdout);
    if (measured.rows.length > 0)
      for (const line of optimizerTable(measured.rows, width, terminalColours(process.stdout))) io.out(line);
    io.out("");
    const sentences = [
      ...measured.shares.map(shareLine),
      `${machineLine(measured)}. ${cpu}, ${cores} cores.`,
    ];
    for (const sentence of [...sentences, ...measured.notes])
      for (const line of wrapWords(sentence, width)) io.out(line);
  }
  if (io.signal.aborted) throw new Error("stopped before everything was measured");
  if (measured.rows.length === 0) throw new Error("nothing was measured");
}

/** Rows of the same target and optimizer are replaced, others of an earlier run stay: a study can be made in parts. */
function writeStudy(folder: string, fresh: OptimizerMeasurements): void {
  mkdirSync(folder, { recursive: true });
  const { cpu, cores, node } = describeEnvironment();
  const name = (end: string): string => join(folder, `optimizer-speed.${end}`);
  const measured = existsSync(name("json"))
    ? mergeStudies(JSON.parse(readFileSync(name("json"), "utf8")) as OptimizerMeasurements, fresh)
    : fresh;
  writeFileSync(name("json"), `${JSON.stringify({ ...measured, computer: { cpu, cores, node } })}\n`);
  writeFileSync(name("svg"), optimizerFigure(measured.rows));
  const text = [
    "# Time of one update",
    "",
    `\`steepest bench optimizer\` on ${cpu}, ${cores} cores, Node ${node}. ${machineLine(measured)}.`,
    "",
    "*least*: what has to cross memory: weights, gradients and state read, weights and state written. *moved*: what the graph's",
    "operators read and write. *bound*: the longer of least bytes over bandwidth and FLOPs over peak. Time: shortest of several",
    "turns, for optimizers whose steps differ the mean over a period; *slowest* is the longest of these steps. What fits into the",
    "cache can be faster than the bound. PyTorch runs eagerly, by its own fused and foreach forms and through torch.compile, with one",
    "thread and with all: the fastest counts.",
    "",
    "![update over bound](optimizer-speed.svg)",
    "",
    optimizerMarkdown(measured),
  ];
  writeFileSync(name("md"), `${text.join("\n").trimEnd()}\n`);
}
