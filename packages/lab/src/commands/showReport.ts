import { writeReport } from "../report/writeReport.ts";
import type { CommandIo } from "../text/commandIo.ts";
import { printRuns } from "./printRuns.ts";

/** What `steepest report` does: writes the report and prints its table. */
export async function showReport(
  folders: readonly string[],
  { out, json }: { readonly out?: string; readonly json?: boolean },
  io: CommandIo,
): Promise<void> {
  const { report, picture, runs, notes } = await writeReport(folders, out);
  if (json === true) {
    io.out(JSON.stringify({ rows: runs.map(({ row }) => row), report }));
    return;
  }
  printRuns(runs, notes, io);
  io.out(`\nreport: ${report}`);
  if (picture !== undefined) io.out(`picture of their paths: ${picture}`);
}
