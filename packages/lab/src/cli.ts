import { setImmediate } from "node:timers/promises";
import { Command, CommanderError } from "commander";

import { launchedRank } from "./collectives/launchedRank.ts";
import { verbs } from "./commands/verbs.ts";
import { standardStreams } from "./files/standardStreams.ts";
import { UsageError } from "./plan/usageError.ts";
import { versionOf } from "./run/environment.ts";
import type { CommandIo } from "./text/commandIo.ts";
import { fitText } from "./text/fitText.ts";
import { InterruptedError } from "./text/interruptedError.ts";
import { printable } from "./text/printable.ts";
import { STOPPED, stopSignals } from "./text/stopSignals.ts";
import { terminalWidth } from "./text/terminalWidth.ts";
import { addVerbs } from "./text/verb.ts";

/** Runs a command line (without `node` and the script) and returns the exit code: 0, 1, 2 for usage, 130. */
export async function main(given: readonly string[], io: CommandIo): Promise<number> {
  const [, about] = given;
  const argv = given[0] === "help" ? [...(about === undefined ? [] : [about]), "--help"] : given;
  const [first] = argv;
  try {
    const program = await programFor(argv, io);
    const width = terminalWidth(process.stdout);
    for (const command of commandsBelow(program)) {
      command.exitOverride().configureOutput({
        getOutHelpWidth: () => Number.POSITIVE_INFINITY, // lines are fitted when they are written
        writeOut: (text) => io.out(fitText(text.trimEnd(), width)),
        writeErr: () => {}, // errors are printed below, once
      });
    }
    if (first === undefined) {
      io.err(fitText(program.helpInformation({ error: false }).trimEnd(), width));
      return 2;
    }
    await program.parseAsync([...argv], { from: "user" });
    return 0;
  } catch (error) {
    return explain(error, io);
  }
}

/** The list of commands, of which only the one that is asked for is loaded. Throws `UsageError` for a wrong name. */
async function programFor(argv: readonly string[], io: CommandIo): Promise<Command> {
  const program = new Command("steepest")
    .description("Train neural networks with the optimizers that came after Adam")
    .version(versionOf("@steepest/lab"), "-V, --version", "print the version")
    .helpCommand(false)
    .addHelpText("after", "\nsteepest COMMAND --help shows examples.");
  const [first] = argv;
  const names = verbs.map(({ name }) => name);
  if (first !== undefined && !first.startsWith("-") && !names.includes(first)) {
    const { didYouMean } = await import("./text/suggest.ts");
    const near = didYouMean(first, names);
    throw new UsageError(`steepest has no command "${first}"${near}; commands are ${names.join(", ")}`);
  }
  await addVerbs(program, verbs, argv, io);
  return program;
}

const commandsBelow = (command: Command): Command[] => [command, ...command.commands.flatMap(commandsBelow)];

/** Errors of packages that are not loaded for this. */
const usageErrors: readonly string[] = ["UsageError", "OptionError", "ConfigError"];

/** Prints one sentence and chooses the exit code. */
function explain(error: unknown, io: CommandIo): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0; // --help, --version
    io.err(`error: ${printable(error.message.replace(/^error: /, ""))}`);
    return 2;
  }
  const message = printable(error instanceof Error ? error.message : String(error));
  const usage = error instanceof Error && usageErrors.includes(error.name);
  io.err(error instanceof InterruptedError ? message : `error: ${message}`);
  if (process.env.STEEPEST_DEBUG !== undefined && error instanceof Error) io.err(String(error.stack));
  if (error instanceof InterruptedError || io.signal.aborted) return STOPPED;
  return usage ? 2 : 1;
}

/** Commands that go on when nobody reads what they print: there is work to save. */
const saving: readonly string[] = ["train", "compare", "sweep", "reproduce"];

/** The command of this process: its streams, signals, exit code. */
export async function run(): Promise<void> {
  const argv = process.argv.slice(2);
  const [first = ""] = argv;
  const streams = standardStreams({ endWithReader: !saving.includes(first) });
  const rank = launchedRank()?.rank;
  const code = await main(argv, {
    out: streams.out,
    err: streams.err,
    interactive: process.stderr.isTTY === true && process.env.CI === undefined,
    // Of several processes that do one thing together, the first speaks.
    ...stopSignals((rank ?? 0) === 0 ? streams.err : () => {}, { launched: rank !== undefined }),
  });
  await setImmediate(); // an error of a stream comes a little later
  const fault = streams.fault();
  if (fault !== undefined) streams.err(`error: ${fault}`);
  process.exitCode = fault !== undefined && code === 0 ? 1 : code;
}
