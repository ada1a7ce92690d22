import { describeOptimizer, didYouMean, isOptimizerName, optimizerNames } from "steepest";

import { UsageError } from "../plan/usageError.ts";
import { optimizerEntry } from "../report/optimizers/optimizerEntry.ts";
import { terminalPage } from "../report/optimizers/terminalPage.ts";
import { spectraTables, summaryTables } from "../report/optimizers/terminalTables.ts";
import type { CommandIo } from "../text/commandIo.ts";
import { terminalColours } from "../text/terminalColours.ts";
import { terminalWidth } from "../text/terminalWidth.ts";

export interface OptimizersFlags {
  readonly json?: boolean;
  readonly summaries?: boolean;
}

/** What `steepest optimizers` does: prints the catalogue, or the page of one method. Throws `UsageError`. */
export function showOptimizers(
  name: string | undefined,
  { json = false, summaries = false }: OptimizersFlags,
  io: CommandIo,
): void {
  const names = optimizerNames();
  if (name !== undefined && !isOptimizerName(name)) {
    throw new UsageError(
      `there is no optimizer "${name}"${didYouMean(name, names)}; there are ${names.join(", ")}`,
    );
  }
  const entries = (name === undefined ? names : [name]).map(describeOptimizer).map(optimizerEntry);
  const width = terminalWidth(process.stdout);
  const colours = terminalColours(process.stdout);
  const lines = (): string[] => {
    if (json) return [JSON.stringify(entries)];
    if (name !== undefined) return entries.flatMap((entry) => terminalPage(entry, width, colours));
    return summaries ? summaryTables(entries, width, colours) : spectraTables(width, colours);
  };
  for (const line of lines()) io.out(line);
}
