import { describeOptimizer, didYouMean, isOptimizerName, optimizerNames } from "steepest";

import { UsageError } from "../plan/usageError.ts";
import { describeOne, listOptimizers, optimizerEntry } from "../report/optimizers/optimizerPages.ts";
import { spectraList } from "../report/optimizers/spectraList.ts";
import type { CommandIo } from "../text/commandIo.ts";
import { terminalColours } from "../text/terminalColours.ts";

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
  const chosen = (name === undefined ? names : [name]).map(describeOptimizer);
  if (json) {
    io.out(JSON.stringify(chosen.map(optimizerEntry)));
    return;
  }
  const width = Math.max(20, process.stdout.columns ?? 120);
  const colours = terminalColours(process.stdout);
  const [one] = chosen;
  const list = summaries ? listOptimizers(chosen, width, colours) : spectraList(width, colours);
  for (const line of name !== undefined && one ? describeOne(one, width, colours) : list) io.out(line);
}
