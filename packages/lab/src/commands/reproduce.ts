import { Command, Option } from "commander";

import type { CommandIo } from "../text/commandIo.ts";
import type { ReproduceFlags } from "./reproduceFlags.ts";
import { withThreads } from "./withThreads.ts";

const help = `
Examples:
  steepest reproduce                                        the claims there are
  steepest reproduce nuclear-least-squares                  run one, at scale small
  steepest reproduce scion-transfer --scale medium --out runs/transfer
  steepest reproduce --all --resume                         all of them, or what is left of them
  steepest reproduce nuclear-svd-routines --page docs/results/claims

A claim is a sentence or figure of a paper, a set of runs and an analysis that says whether it holds here, with an interval. Its page, figure
and raw summary data are written to OUT as NAME.md, NAME.svg and NAME.json; what they are made from is in OUT/NAME. Each part of the
work has a process of its own, one for each core at once. What ended is not made again: after Ctrl-C or a kill --resume goes on. --page makes
page and figure again from the NAME.json in a folder and runs nothing. Scales: small is minutes on two cores, medium a night on
a workstation, paper what the authors used (hours to weeks).`;

/** `steepest reproduce`: the papers' claims, put to the test. */
export const reproduceCommand = (io: CommandIo): Command =>
  new Command("reproduce")
    .argument("[NAME]", "the claim; without one they are listed")
    .option("--all", "every claim, one after the other")
    .option("--scale <NAME>", "small, medium or paper (default small)")
    .option("--out <DIR>", "where pages, figures and data go (default runs/claims-SCALE)")
    .option("--parallel <N>", "parts at once (default one for each core)")
    .option("--resume", "go on with what is in the folder")
    .option("--page <DIR>", "make page and figure again from DIR/NAME.json")
    .option("--json", "last line of stdout: verdicts and files as JSON")
    .addOption(new Option("--child").hideHelp())
    .addHelpText("after", help)
    .action(async (name: string | undefined, flags: ReproduceFlags) => {
      if (flags.child === true) {
        const { partChild } = await withThreads(() => import("../reproduce/partChild.ts"));
        return partChild(io.signal);
      }
      if (name === undefined && flags.all !== true) {
        const { listClaims } = await import("./listClaims.ts");
        return listClaims(flags, io);
      }
      const { showReproduce } = await withThreads(() => import("./showReproduce.ts"));
      return showReproduce(name, flags, io);
    });
