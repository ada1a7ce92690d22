import { UsageError } from "../plan/usageError.ts";
import { catalogue } from "../reproduce/catalogue.ts";
import type { CommandIo } from "../text/commandIo.ts";
import { wrapWords } from "../text/fitTable.ts";
import { terminalWidth } from "../text/terminalWidth.ts";
import type { ReproduceFlags } from "./reproduceFlags.ts";

/** What `steepest reproduce` says without a name: the claims that there are. */
export function listClaims(flags: ReproduceFlags, io: CommandIo): void {
  if (flags.page !== undefined || flags.resume === true)
    throw new UsageError("name a claim, or give --all; steepest reproduce lists them");
  if (flags.json === true) {
    io.out(JSON.stringify(catalogue.map(({ name, summary }) => ({ name, summary }))));
    return;
  }
  const widest = Math.max(...catalogue.map(({ name }) => name.length)) + 2;
  const width = Math.max(30, terminalWidth(process.stdout) - widest);
  for (const { name, summary } of catalogue)
    for (const [i, line] of wrapWords(summary, width).entries())
      io.out(`${(i === 0 ? name : "").padEnd(widest)}${line}`);
}
