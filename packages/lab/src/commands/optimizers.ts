import { Command } from "commander";

import type { CommandIo } from "../text/commandIo.ts";
import type { OptimizersFlags } from "./showOptimizers.ts";

const help = `
Examples:
  steepest optimizers               all of them by family: structure or norm, cost, what was measured
  steepest optimizers --summaries   what each is for, its state and its source
  steepest optimizers muon          formula, options, source and state of one
  steepest optimizers --json        an array of {name, family, source, geometry, measured, options, …}`;

/** `steepest optimizers [NAME]`: the catalogue, or one page of it. */
export const optimizersCommand = (io: CommandIo): Command =>
  new Command("optimizers")
    .argument("[NAME]", "an optimizer")
    .option("--summaries", "what each is for, instead of what it costs")
    .option("--json", "last line of stdout: an array, of one entry with NAME")
    .addHelpText("after", help)
    .action(async (name: string | undefined, flags: OptimizersFlags) => {
      const { showOptimizers } = await import("./showOptimizers.ts");
      showOptimizers(name, flags, io);
    });
