import { Command } from "commander";
import { didYouMean } from "steepest";
import { UsageError } from "../plan/usageError.ts";
import type { CommandFactory } from "../text/commandIo.ts";
import { benchEngineCommand } from "./benchEngine.ts";
import { benchMatrixCommand } from "./benchMatrix.ts";
import { benchOptimizerCommand } from "./benchOptimizer.ts";

const factories = [benchEngineCommand, benchMatrixCommand, benchOptimizerCommand];

/** `steepest bench WHAT`: each measurement is a command of its own, with its own flags and examples. */
export const benchCommand: CommandFactory = (io) => {
  const parts = factories.map((factory) => factory(io));
  const names = parts.map((part) => part.name());
  const bench = new Command("bench")
    .description("Measure how fast engines, matrix routines and optimizers are on this machine")
    .helpCommand(false)
    .argument("[WHAT]", names.join(", "))
    .allowUnknownOption() // so that a wrong name is what is said
    .allowExcessArguments()
    .addHelpText("after", `\nsteepest bench ${names.join(" --help, ")} --help shows examples.`)
    .action((what: string | undefined) => {
      const got = what === undefined ? "" : `, got "${what}"${didYouMean(what, names)}`;
      throw new UsageError(`bench measures ${names.join(", ")}: steepest bench ${names[0]}${got}`);
    });
  for (const part of parts) bench.addCommand(part);
  return bench;
};
