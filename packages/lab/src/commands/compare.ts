import { Command, Option } from "commander";

import { contenderSyntax } from "../compare/contenderSyntax.ts";
import { addPlanFlags } from "../plan/planFlags.ts";
import type { CommandIo } from "../text/commandIo.ts";
import type { CompareFlags } from "./compareFlags.ts";
import { withThreads } from "./withThreads.ts";

const help = `
Write an optimizer as ${contenderSyntax}.
The first one is the reference: how many steps do the others need to its final validation loss?

Examples:
  steepest compare adamw muon scion mano_v2
  steepest compare adamw:learningRate=3e-3 muon --seeds 0,1,2 --steps 1000
  steepest compare muon muon:nesterov=false muon:momentum=0.9 --out runs/momentum
  steepest compare adamw muon --model llama-60m --width 128 --depth 4 --tune
  steepest compare adamw muon --model char-1m --depth 2 --data book.txt --json
  steepest compare adamw muon --seeds 0,1,2,3 --parallel 4     on a machine with idle cores
  steepest compare --resume runs/momentum                     after a kill, Ctrl-C or power cut

Every run has a process of its own, one after the other, so that none disturbs another's times. --parallel N makes N at \
once and shares the cores out among them; --threads T alone makes as many as the cores have room for. Results are the \
same to the last bit, times are not. Settings of the model are flags as in train. The folder of the comparison gets \
report.html, compare.json and a folder for each run. Exit code 1: a run did not finish. --resume keeps runs that finished \
or diverged, goes on with one that was on its way from its checkpoint, and tries again one that failed.`;

/** `steepest compare`: the same job for several optimizers. */
export function compareCommand(io: CommandIo): Command {
  const command = new Command("compare").usage("NAME... [options]");
  addPlanFlags(command)
    .option("--seeds <LIST>", "several seeds, for example 0,1,2: every optimizer runs with each")
    .option(
      "--tune",
      "first the same short search for every rate that is not given: 7 runs of a quarter of the steps",
    )
    .option("--parallel <N>", "runs at once (default 1, with --threads as many as the cores have room for)")
    .option("--resume <DIR>", "go on with the comparison in this folder")
    .option("--out <DIR>", "the folder of the comparison, new or empty (default runs/<date>-compare)")
    .option("--open", "show it in the browser as it goes, see steepest serve")
    .option("--json", "last line of stdout: rows and the path of the report as JSON")
    .addOption(new Option("--child").hideHelp()) // one run, for the process that compares
    .allowUnknownOption()
    .allowExcessArguments()
    .addHelpText("after", help)
    .action(async () => {
      if (command.opts<CompareFlags>().child === true) {
        const { childRun } = await withThreads(() => import("../compare/childRun.ts"));
        return childRun(io);
      }
      const { resume } = command.opts<CompareFlags>();
      if (resume !== undefined) {
        const { resumeCompare } = await withThreads(() => import("./resumeCompare.ts"));
        return resumeCompare(command, resume, io);
      }
      const { compareContenders } = await withThreads(() => import("./compareContenders.ts"));
      return compareContenders(command, io);
    });
  return command;
}
