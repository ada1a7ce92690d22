import { cpus } from "node:os";
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
import { didYouMean } from "steepest";

import {
  type BenchConfigName,
  benchConfigs,
  configLabel,
  defaultBenchConfigs,
} from "../engines/benchConfig.ts";
import { benchTable } from "../engines/benchTable.ts";
import { type Measured, measureEngines } from "../engines/measureEngines.ts";
import { isOwnEngine, serveEngine } from "../engines/serveEngine.ts";
import { startEngineWith } from "../engines/startEngines.ts";

const names = Object.keys(benchConfigs) as readonly BenchConfigName[];

const help = `
Configurations of a GPT with a vocabulary of 256 (width D, depth L, tokens a sequence T, sequences B):
${names.map((name) => `  ${name.padEnd(7)} ${configLabel(benchConfigs[name])}`).join("\n")}

Examples:
  steepest bench engine                          ${defaultBenchConfigs.join(", ")}, some minutes in all
  steepest bench engine --config small medium --steps 10
  steepest bench engine --config tiny            to see that it works

Times loss and gradients, and a whole step of AdamW, on ONNX Runtime with all cores, on jax-js (WebAssembly), and on what
else one could pick: PyTorch with its fused attention and AdamW, eagerly, through torch.compile and, where the processor has
it, in bfloat16; JAX with optax. npm run peers installs them; what is missing is left out. The faster of 1 and all cores
counts (--json has both). Same model, weights and tokens; each engine has a process of its own, is warm, and they take
turns. Leave the machine alone meanwhile.`;

interface BenchFlags {
  readonly config?: readonly string[];
  readonly steps?: string;
  readonly python?: string;
  readonly json?: boolean;
  readonly child?: string;
}

/** `steepest bench engine`: the engines side by side. */
export const benchEngineCommand: CommandFactory = (io) =>
  new Command("engine")
    .option("--config <NAME...>", `of ${names.join(", ")} (default ${defaultBenchConfigs.join(" ")})`)
    .option("--steps <N>", "turns of every engine, each of at least one run (default 5)")
    .option("--python <FILE>", "a python3 with torch and jax (default that of npm run peers, else python3)")
    .option("--json", "last line of stdout: rows and what they were measured with as JSON")
    .addOption(new Option("--child <ENGINE>").hideHelp()) // the process of one engine
    .addHelpText("after", help)
    .action((flags: BenchFlags) => benchEngine(flags, io));

async function benchEngine(flags: BenchFlags, io: CommandIo): Promise<void> {
  if (flags.child !== undefined) {
    if (!isOwnEngine(flags.child)) throw new UsageError(`--child is for bench itself, got "${flags.child}"`);
    return serveEngine(flags.child, process.stdin, io.out);
  }
  io.listen("stopping after what is measured now");
  const measured = await measureEngines({
    configs: chosenConfigs(flags.config).map((name) => benchConfigs[name]),
    steps: readSteps(flags.steps),
    start: startEngineWith(flags.python),
    say: io.err,
    signal: io.signal,
  });
  report(measured, io, flags.json === true);
}

function chosenConfigs(given: readonly string[] | undefined): readonly BenchConfigName[] {
  if (given === undefined) return defaultBenchConfigs;
  return given
    .flatMap((text) => text.split(","))
    .map((text) => {
      const found = names.find((name) => name === text);
      if (found !== undefined) return found;
      throw new UsageError(
        `--config must be of ${names.join(", ")}, got "${text}"${didYouMean(text, names)}`,
      );
    });
}

function readSteps(text: string | undefined): number {
  const value = text === undefined ? 5 : parseNumber(text);
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 1) return value;
  throw new UsageError(`--steps must be a whole number ≥ 1, got "${text}"`);
}

const remarks = [
  "Times are of whole calls. GFLOP/s are by the best time and count the matrix products only: 2 for each multiply-add, " +
    "and backward as twice forward: tokens × (6 × weights of matrix products + 12 L T D), also for a step of AdamW.",
  "× jax-wasm: how many times as fast as that, × peer: as the fastest of PyTorch and JAX in float32, by the best times.",
];

function report({ rows, versions, notes, failures }: Measured, io: CommandIo, json: boolean): void {
  const { cpu, cores, node } = describeEnvironment();
  if (json) {
    io.out(JSON.stringify({ rows, versions, machine: { cpu, cores, node }, notes, failures }));
  } else {
    const width = terminalWidth(process.stdout);
    if (rows.length > 0) {
      for (const line of benchTable(rows, width, terminalColours(process.stdout))) io.out(line);
      const engines = Object.entries(versions).map(([engine, version]) => `${engine} ${version}`);
      const machine = `${engines.join(", ")}; Node ${node}; ${cpus().length} × ${cpu}, ${cores} for this process.`;
      io.out("");
      for (const sentence of [...remarks, machine, ...notes])
        for (const line of wrapWords(sentence, width)) io.out(line);
    }
  }
  if (io.signal.aborted) throw new Error("stopped before everything was measured");
  if (failures.length > 0) throw new Error(failures.join("; "));
}
