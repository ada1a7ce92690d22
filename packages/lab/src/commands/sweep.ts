import type { Command } from "commander";
import { Command as Program } from "commander";

import { contenderSyntax } from "../compare/contenderSyntax.ts";
import { addPlanFlags } from "../plan/planFlags.ts";
import { axisSyntax } from "../sweep/axisSyntax.ts";
import type { CommandIo } from "../text/commandIo.ts";
import { addSweepVerb } from "./sweepControl.ts";
import type { SweepFlags } from "./sweepFlags.ts";
import { isSweepVerb } from "./sweepVerbs.ts";
import { withThreads } from "./withThreads.ts";

const help = `
Write an optimizer as ${contenderSyntax}.
Write what varies as ${axisSyntax}.
Options of the optimizer, settings of the model and of the run can vary, each in a --over of its own. Ranges from a number > 0
whose ends differ by 8 times or more are divided by factors (:log), others by differences (:linear).

Examples:
  steepest sweep adamw muon --over learningRate=1e-4..1e-1
  steepest sweep scion --over learningRate=1e-3..1e-1 --over width=32,64,128 --seeds 0,1
  steepest sweep muon --over learningRate=1e-3..1 --over weightDecay=0..0.3 --design sobol --points 32
  steepest sweep soap --over learningRate=1e-4..1 --over auxiliaryLearningRate=1e-4..1 --design gp --points 20
  steepest sweep adamw lion soap --over learningRate=1e-4..1 --halving
  steepest sweep adamw --over batch=8,16,32,64 --over learningRate=1e-3..1e-1 --same-examples
  steepest sweep --resume runs/rates --retry failed
  steepest sweep adamw --over learningRate=1e-4..1e-1 --dry-run
  steepest sweep muon --over learningRate=1e-3..1 --queue redis://queue.lab:6379    made by steepest worker, there and elsewhere
  steepest sweep muon --over learningRate=1e-3..1 --out /shared/rates --slurm       then sbatch /shared/rates/slurm.sh
  steepest sweep status runs/rates                                                  also pause, unpause, cancel

Every optimizer gets the same points, or with gp the same number of them. A grid is all combinations; where the best value of a range lies at one of its ends, the grid
goes on beyond it (--extend). --halving makes all points with a ninth of the steps, the best third of them with a third, and
the best third of those with all; each of these runs has a whole schedule of its own. Runs have a process of their own, one
thread each unless --threads says otherwise, and as many are made at once as the cores have room for. The folder gets a folder
for each run under trials/, trials.jsonl (a line for each that ended), trials.csv and sweep.json. What ended is not made again:
after Ctrl-C, a kill or a spent budget, --resume goes on. A run that fails is recorded and ends nothing else.`;

/** `steepest sweep`: the same job over a space of settings. */
export function sweepCommand(io: CommandIo, [verb]: readonly string[] = []): Command {
  const command = new Program("sweep").usage("NAME... --over NAME=VALUES [options]");
  if (isSweepVerb(verb)) {
    const about = new Program("sweep");
    addSweepVerb(about, verb, io);
    return about;
  }
  const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];
  addPlanFlags(command)
    .option("--over <NAME=VALUES>", "what varies: a list or a range; may be given several times", collect)
    .option("--seeds <LIST>", "several seeds, for example 0,1,2: every point runs with each")
    .option(
      "--design <NAME>",
      "grid: all combinations; sobol: points that fill the space evenly; gp: points chosen by what is known (default grid)",
    )
    .option("--points <N>", "points of each optimizer in a sobol or gp design (default 16)")
    .option("--halving", "short runs of all points, whole ones of the best")
    .option("--extend <N>", "values that a grid goes beyond an end that is best, at most (default 3)")
    .option("--same-examples", "steps follow the batch, so that every run sees as many examples")
    .option("--budget <AMOUNT>", "begin no run after 40runs, 5e6tokens, 90m or 2h")
    .option("--parallel <N>", "runs at once (default as many as the cores have room for)")
    .option(
      "--queue <URL>",
      "hand the runs to workers (steepest worker): postgres://…, redis://… or a shared folder",
    )
    .option("--tries <N>", "with --queue: how often a run that fails is begun (default 3)")
    .option("--priority <NAME>", "with --queue: high, normal or low, among the sweeps there (default normal)")
    .option("--slurm", "write a script for sbatch whose tasks are workers, and end (--parallel N: tasks)")
    .option("--resume <DIR>", "go on with the sweep in this folder")
    .option("--retry <WHICH>", "with --resume, failed: make failed runs again")
    .option("--dry-run", "say what would be run, and end")
    .option("--out <DIR>", "the folder of the sweep, new or empty (default runs/<date>-sweep)")
    .option("--open", "show it in the browser as it goes, see steepest serve")
    .option("--json", "last line of stdout: what was found and the folder as JSON")
    .allowUnknownOption()
    .allowExcessArguments()
    .addHelpText("after", help)
    .action(async () => {
      const { resume } = command.opts<SweepFlags>();
      if (resume !== undefined) {
        const { resumeSweep } = await withThreads(() => import("./resumeSweep.ts"));
        return resumeSweep(command, resume, io);
      }
      const { beginSweep } = await withThreads(() => import("./beginSweep.ts"));
      return beginSweep(command, io);
    });
  return command;
}
