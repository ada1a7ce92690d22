import { Command } from "commander";

import { UsageError } from "../plan/usageError.ts";
import type { CommandIo } from "../text/commandIo.ts";
import { withThreads } from "./withThreads.ts";

const help = `
Examples:
  steepest report runs/momentum                  again, from what is in the folder, finished or not
  steepest report runs/book runs/book-2          two runs in one report
  steepest report runs/adamw runs/muon-sweep --out reports/all

Folders of compare and of train, in any mixture. A report needs no data, only the folders. The first optimizer is the \
reference. Runs of one optimizer with the same options count as seeds of it; a report says in what jobs differ.`;

interface ReportFlags {
  readonly out?: string;
  readonly json?: boolean;
}

/** `steepest report`: the report of runs and comparisons that are there. */
export const reportCommand = (io: CommandIo): Command =>
  new Command("report")
    .argument("[DIR...]", "folders of runs or comparisons")
    .option("--out <DIR>", "where to (default the folder itself, of several runs/<date>-report)")
    .option("--json", "last line of stdout: rows and the path of the report as JSON")
    .addHelpText("after", help)
    .action(async (folders: string[], flags: ReportFlags) => {
      if (folders.length === 0)
        throw new UsageError("report needs the folder of a comparison or a run: steepest report DIR");
      const { showReport } = await withThreads(() => import("./showReport.ts"));
      await showReport(folders, flags, io);
    });
