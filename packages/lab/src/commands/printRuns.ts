import { compareTable } from "../compare/compareTable.ts";
import { findingsOf } from "../compare/findings.ts";
import type { ComparedRun } from "../compare/makeRun.ts";
import type { CommandIo } from "../text/commandIo.ts";
import { wrapWords } from "../text/fitTable.ts";
import { terminalColours } from "../text/terminalColours.ts";
import { terminalWidth } from "../text/terminalWidth.ts";

/** A table of runs on stdout, what they show, and further sentences. */
export function printRuns(runs: readonly ComparedRun[], further: readonly string[], io: CommandIo): void {
  const width = terminalWidth(process.stdout);
  const { headline, details } = findingsOf(runs.map(({ row }) => row));
  if (runs.length > 0) {
    for (const line of compareTable(runs, width, terminalColours(process.stdout))) io.out(line);
    io.out("");
  }
  for (const sentence of [headline, ...details, ...further])
    for (const line of wrapWords(sentence, width)) io.out(line);
}
