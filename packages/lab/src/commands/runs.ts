import { Command } from "commander";

import type { CommandIo } from "../text/commandIo.ts";
import type { RunsFlags } from "./runsFlags.ts";

const help = `
Examples:
  steepest runs                                             all runs below runs/, the latest first
  steepest runs --where "optimizer = 'muon' AND valLoss < 2" --sort valLoss
  steepest runs runs/rates --columns run,learningRate,valLoss --sort valLoss --limit 5
  steepest runs --diff runs/book runs/book-2                in which settings two or more runs differ
  steepest runs --parquet runs.parquet

Finds the runs of train, and those in the folders of compare and sweep. --where and --sort are SQL over the table runs; steepest
query has all of it. The folders are only read.`;

/** `steepest runs`: the runs that are there. */
export const runsCommand = (io: CommandIo): Command =>
  new Command("runs")
    .argument("[DIR...]", "folders to look in (default runs)")
    .option("--where <SQL>", "only runs for which this holds")
    .option(
      "--sort <COLUMNS>",
      "order by these, for example valLoss or 'steps DESC' (default the latest first)",
    )
    .option("--columns <LIST>", "what to show, with commas between")
    .option("--limit <N>", "at most so many")
    .option("--diff", "the folders are runs: show in which settings they differ")
    .option("--csv <FILE>", "write the table there")
    .option("--parquet <FILE>", "write the table there")
    .option("--json", "last line of stdout: the rows as JSON")
    .addHelpText("after", help)
    .action(async (folders: string[], flags: RunsFlags) => {
      const { showRuns } = await import("./showRuns.ts");
      await showRuns(folders, flags, io);
    });
