import { Command } from "commander";

import { UsageError } from "../plan/usageError.ts";
import type { CommandFactory, CommandIo } from "../text/commandIo.ts";

/** `steepest bench WHAT`: each measurement is a command of its own, with its own flags and examples. */
export async function benchCommand(io: CommandIo): Promise<Command> {
  const parts = (await measurements()).map((factory) => factory(io));
  const names = parts.map((part) => part.name());
  const bench = new Command("bench")
    .helpCommand(false)
    .argument("[WHAT]", names.join(", "))
    .allowUnknownOption() // so that a wrong name is what is said
    .allowExcessArguments()
    .addHelpText("after", `\nsteepest bench ${names.join(" --help, ")} --help shows examples.`)
    .action(async (what: string | undefined) => {
      const { didYouMean } = await import("steepest");
      const got = what === undefined ? "" : `, got "${what}"${didYouMean(what, names)}`;
      throw new UsageError(`bench measures ${names.join(", ")}: steepest bench ${names[0]}${got}`);
    });
  for (const part of parts) bench.addCommand(part);
  return bench;
}

/** The measurements are a package of their own, which an installed command may lack. Throws `UsageError` then. */
async function measurements(): Promise<readonly CommandFactory[]> {
  try {
    return (await import("@steepest/bench")).benchCommands;
  } catch (error) {
    const missing = error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND";
    if (!missing || !error.message.includes("@steepest/bench")) throw error;
    throw new UsageError(
      "steepest bench is in the package @steepest/bench, which is not installed: npm install @steepest/bench",
      { cause: error },
    );
  }
}
