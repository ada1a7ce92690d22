import { describeModel, modelNames } from "@steepest/models";
import { Command } from "commander";

import { defaultJob } from "../plan/defaultJob.ts";
import { ownFlags } from "../plan/ownFlags.ts";
import { addPlanFlags } from "../plan/planFlags.ts";
import { withModelOfWeights } from "../plan/weights/modelOfWeights.ts";
import type { CommandIo } from "../text/commandIo.ts";
import type { TrainFlags } from "./trainFlags.ts";

const examples = `
Examples:
  steepest train                                            muon on Moby Dick, a few minutes at most
  steepest train --optimizer adamw --learning-rate 3e-3 --steps 1000 --schedule cosine
  steepest train --model char-1m --depth 2 --data book.txt --out runs/book
  steepest train --model cnn-small --augment flip,translate=2 --test-time flip      images: Fashion-MNIST
  steepest train --model cnn-small --data pets --image-size 64                      a folder with one subfolder per class
  steepest train --model rosenbrock --optimizer sgd         a function to minimise, no data
  steepest train --config run.json --seed 1                 {"optimizer": "scion", "optimizerOptions": {"learningRate": 0.01}}
  steepest train --weights runs/book --data letters.txt     the model of that run, trained further on another text
  steepest train --resume runs/book                         after a kill, Ctrl-C or power cut
  steepest train --resume runs/book --steps 2000            a finished run goes on
  steepest train --ranks 2 --threads 1                      two processes, each with half of every batch
  mpirun -n 4 --hostfile hosts steepest train               on several machines, see docs/distributed.md
  steepest train --optimizer muon --help                    with the options of muon

Every option of an optimizer and every setting of a model is a flag: learningRate is --learning-rate. One whose \
name the command uses itself is --optimizer-NAME or --model-NAME (muon's steps: --optimizer-steps).

Models for text:    ${modelNames.language.join(", ")}
Models for images:  ${modelNames.image.join(", ")}
Problems, no data:  ${modelNames.problem.join(", ")}`;

/** `steepest train`: one run into a run folder, or the rest of one. */
export function trainCommand(io: CommandIo): Command {
  const command = new Command("train");
  command.option("--optimizer <NAME>", `see steepest optimizers (default ${defaultJob.optimizer})`);
  addPlanFlags(command)
    .option("--out <DIR>", "the run folder (default runs/<date>-<optimizer>-<seed>)")
    .option(
      "--resume <DIR>",
      "continue the run in this folder, bit by bit as if it had not stopped; with --steps to another end",
    )
    .option("--from-step <N>", "with --resume: from this checkpoint instead of the latest")
    .option(
      "--ranks <N>",
      "train in N processes together, on this machine (needs MPI; several machines: mpirun)",
    )
    .option(
      "--restarts <N>",
      "with --ranks: start again from the latest checkpoint when a process dies, N times",
    )
    .option("--open", "show it in the browser as it goes, see steepest serve")
    .option("--json", "last line of stdout: the result as JSON")
    .allowUnknownOption()
    .allowExcessArguments()
    .addHelpText("after", () => ownHelp(command) + examples)
    .action(async () => {
      const { trainOrResume } = await import("./trainOrResume.ts");
      await trainOrResume(command, io);
    });
  return command;
}

/** The flags of the optimizer and model that the command line or its weights name. */
function ownHelp(command: Command): string {
  const { optimizer = defaultJob.optimizer, model: named, weights } = command.opts<TrainFlags>();
  const model = withModelOfWeights([{ model: named, weights }]).find((input) => input.model)?.model;
  const settled = model ?? defaultJob.model;
  const lines = (of: string, title: string): string => {
    const own = ownFlags(command, optimizer, settled)
      .filter((flag) => flag.of === of)
      .map(({ flag, kind, help }) => [kind === "boolean" ? `--[no-]${flag.slice(2)}` : flag, help] as const);
    const width = Math.max(...own.map(([flag]) => flag.length));
    return `\n${title}:\n${own.map(([flag, help]) => `  ${flag.padEnd(width)}  ${help}`).join("\n")}\n`;
  };
  return (
    lines("optimizerOptions", `Options of ${optimizer}`) +
    lines("modelOptions", `Settings of ${settled} (${describeModel(settled).about})`)
  );
}
