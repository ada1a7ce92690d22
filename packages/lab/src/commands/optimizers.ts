import { Command } from "commander";
import { describeOptimizer, didYouMean, isOptimizerName, optimizerNames } from "steepest";
import { UsageError } from "../plan/usageError.ts";
import { describeOne, listOptimizers, optimizerEntry } from "../report/optimizers/optimizerPages.ts";
import { spectraList } from "../report/optimizers/spectraList.ts";
import type { CommandFactory } from "../text/commandIo.ts";
import { terminalColours } from "../text/terminalColours.ts";

const help = `
Examples:
  steepest optimizers               all of them by family: structure or norm, cost, what was measured
  steepest optimizers --summaries   what each is for, its state and its source
  steepest optimizers muon          formula, options, source and state of one
  steepest optimizers --json        an array of {name, family, source, geometry, measured, options, …}`;

/** `steepest optimizers [NAME]`: the catalogue, or one page of it. */
export const optimizersCommand: CommandFactory = (io) => {
  const command = new Command("optimizers")
    .argument("[NAME]", "an optimizer")
    .option("--summaries", "what each is for, instead of what it costs")
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
      const { json = false, summaries = false } = command.opts<{ json?: boolean; summaries?: boolean }>();
      if (json) {
        io.out(JSON.stringify(chosen.map(optimizerEntry)));
        return;
      }
      const width = Math.max(20, process.stdout.columns ?? 120);
      const colours = terminalColours(process.stdout);
      const [one] = chosen;
      const list = summaries ? listOptimizers(chosen, width, colours) : spectraList(width, colours);
      for (const line of name !== undefined && one ? describeOne(one, width, colours) : list) io.out(line);
    });
  return command;
};
