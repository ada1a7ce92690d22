import { Command } from "commander";
import { describeOptimizer, didYouMean, isOptimizerName, optimizerNames } from "steepest";

import { describeOne, listOptimizers, optimizerEntry } from "../report/optimizerPages.ts";
import { terminalColours } from "../terminal/terminalColours.ts";
import type { CommandFactory } from "./commandIo.ts";
import { UsageError } from "./usageError.ts";

const help = `
Examples:
  steepest optimizers               all of them, by family
  steepest optimizers muon          formula, options, source and state of one
  steepest optimizers --json        an array of {name, family, source, options, …}`;

/** `steepest optimizers [NAME]`: the catalogue, or one page of it. */
export const optimizersCommand: CommandFactory = (io) => {
  const command = new Command("optimizers")
    .description("List the optimizers, or show one")
    .argument("[NAME]", "an optimizer")
    .option("--json", "last line of stdout: an array, of one entry with NAME")
    .addHelpText("after", help)
    .action((name: string | undefined) => {
      const names = optimizerNames();
      if (name !== undefined && !isOptimizerName(name)) {
        throw new UsageError(
          `there is no optimizer "${name}"${didYouMean(name, names)}; there are ${names.join(", ")}`,
        );
      }
      const chosen = (name === undefined ? names : [name]).map(describeOptimizer);
      if (command.opts<{ json?: boolean }>().json === true) {
        io.out(JSON.stringify(chosen.map(optimizerEntry)));
        return;
      }
      const width = Math.max(20, process.stdout.columns ?? 120);
      const colours = terminalColours(process.stdout);
      const [one] = chosen;
      const lines =
        name !== undefined && one ? describeOne(one, width, colours) : listOptimizers(chosen, width, colours);
      for (const line of lines) io.out(line);
    });
  return command;
};
