import { Command } from "commander";

import type { CommandIo } from "./commandIo.ts";

/**
 * Makes a command; `rest` is what follows its name on the command line. Its action throws `UsageError` (exit code 2) or
 * any error with a clear message (exit code 1).
 */
export type CommandFactory = (io: CommandIo, rest: readonly string[]) => Command | Promise<Command>;

/** A command as a list of commands shows it. Its code is loaded when it is asked for. */
export interface Verb {
  readonly name: string;
  /** What comes after the name. */
  readonly usage: string;
  readonly description: string;
  load(): Promise<CommandFactory>;
}

/** Adds commands to the one above them; of these only the one that `argv` begins with is loaded. */
export async function addVerbs(
  parent: Command,
  verbs: readonly Verb[],
  [first, ...rest]: readonly string[],
  io: CommandIo,
): Promise<void> {
  parent.configureHelp({ subcommandTerm: (command) => `${command.name()} ${command.usage()}` });
  for (const { name, usage, description, load } of verbs) {
    const command = name === first ? await (await load())(io, rest) : new Command(name).usage(usage);
    parent.addCommand(command.description(description));
  }
}
