import { ConfigError } from "@steepest/models";
import { Command, CommanderError } from "commander";
import { didYouMean, OptionError } from "steepest";

import { benchCommand } from "./commands/bench.ts";
import { compareCommand } from "./commands/compare.ts";
import { exportCommand } from "./commands/export.ts";
import { optimizersCommand } from "./commands/optimizers.ts";
import { replayCommand } from "./commands/replay.ts";
import { trainCommand } from "./commands/train.ts";
import { UsageError } from "./plan/usageError.ts";
import { versionOf } from "./run/environment.ts";
import { RunInterruptedError } from "./run/runErrors.ts";
import type { CommandFactory, CommandIo } from "./text/commandIo.ts";

const factories: readonly CommandFactory[] = [
  trainCommand,
  compareCommand,
  optimizersCommand,
  exportCommand,
  benchCommand,
  replayCommand,
];

/** Runs a command line (without `node` and the script) and returns the exit code: 0, 1, 2 for usage, 130. */
export async function main(argv: readonly string[], io: CommandIo): Promise<number> {
  const program = new Command("steepest")
    .description("Train neural networks with the optimizers that came after Adam")
    .version(versionOf("@steepest/lab"), "-V, --version", "print the version")
    .helpCommand(false)
    .addHelpText("after", "\nsteepest COMMAND --help shows examples.");
  for (const factory of factories) program.addCommand(factory(io));
  const parts = program.commands.flatMap((command) => command.commands);
  for (const command of [program, ...program.commands, ...parts]) {
    command.exitOverride().configureOutput({
      writeOut: (text) => io.out(text.trimEnd()),
      writeErr: () => {}, // errors are printed below, once
    });
  }
  const names = program.commands.map((command) => command.name());
  const [first] = argv;
  try {
    if (first === undefined) {
      io.err(program.helpInformation().trimEnd());
      return 2;
    }
    if (!first.startsWith("-") && !names.includes(first)) {
      const near = didYouMean(first, names);
      throw new UsageError(`steepest has no command "${first}"${near}; commands are ${names.join(", ")}`);
    }
    await program.parseAsync([...argv], { from: "user" });
    return 0;
  } catch (error) {
    return explain(error, io);
  }
}

/** Prints one sentence and chooses the exit code. */
function explain(error: unknown, io: CommandIo): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0; // --help, --version
    io.err(`error: ${error.message.replace(/^error: /, "")}`);
    return 2;
  }
  const message = error instanceof Error ? error.message : String(error);
  const usage = error instanceof UsageError || error instanceof OptionError || error instanceof ConfigError;
  io.err(error instanceof RunInterruptedError ? message : `error: ${message}`);
  if (process.env.STEEPEST_DEBUG !== undefined && error instanceof Error) io.err(String(error.stack));
  if (error instanceof RunInterruptedError || io.signal.aborted) return 130;
  return usage ? 2 : 1;
}

/** The command of this process: its streams, Ctrl-C, its exit code. */
export async function run(): Promise<void> {
  const stop = new AbortController();
  process.on("SIGINT", () => {
    if (stop.signal.aborted) process.exit(130);
    stop.abort();
    process.stderr.write("\nstopping, a run after its step and a checkpoint; Ctrl-C again to stop at once\n");
  });
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0); // the reader has seen enough, as in `steepest optimizers | head`
    throw error;
  });
  process.exitCode = await main(process.argv.slice(2), {
    out: (line) => process.stdout.write(`${line}\n`),
    err: (line) => process.stderr.write(`${line}\n`),
    interactive: process.stderr.isTTY === true && process.env.CI === undefined,
    signal: stop.signal,
  });
}
