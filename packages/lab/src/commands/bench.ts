import { Command } from "commander";

import { UsageError } from "../plan/usageError.ts";
import type { CommandIo } from "../text/commandIo.ts";
import { addVerbs, type Verb } from "../text/verb.ts";
import { withThreads } from "./withThreads.ts";

/** `steepest bench WHAT`: each measurement is a command of its own, with its own flags and examples. */
export async function benchCommand(io: CommandIo, rest: readonly string[]): Promise<Command> {
  const parts = await measurements();
  const names = parts.map(({ name }) => name);
  const bench = new Command("bench")
    .helpCommand(false)
    .argument("[WHAT]", names.join(", "))
    .allowUnknownOption() // so that a wrong name is what is said
    .allowExcessArguments()
    .addHelpText("after", `\nsteepest bench ${names.join(" --help, ")} --help shows examples.`)
    .action(async (what: string | undefined) => {
      const { didYouMean } = await import("../text/suggest.ts");
      const got = what === undefined ? "" : `, got "${what}"${didYouMean(what, names)}`;
      throw new UsageError(`bench measures ${names.join(", ")}: steepest bench ${names[0]}${got}`);
    });
  const computing = parts.map((part) => ({ ...part, load: () => withThreads(part.load) }));
  await addVerbs(bench, computing, rest, io);
  return bench;
}

/** The measurements are a package of their own, which an installed command may lack. Throws `UsageError` then. */
async function measurements(): Promise<readonly Verb[]> {
  try {
    return (await import("@steepest/bench")).measurements;
  } catch (error) {
    const missing = error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND";
    if (!missing || !error.message.includes("@steepest/bench")) throw error;
    throw new UsageError(
      "steepest bench is in the package @steepest/bench, which is not installed: run it in a checkout of the repository",
      { cause: error },
    );
  }
}
