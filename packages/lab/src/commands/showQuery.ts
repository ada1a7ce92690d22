import { UsageError } from "../plan/usageError.ts";
import { openStore } from "../store/openStore.ts";
import type { CommandIo } from "../text/commandIo.ts";
import type { QueryFlags } from "./queryFlags.ts";
import { showAnswer } from "./showAnswer.ts";

/** What `steepest query` does. */
export async function showQuery(
  sql: string | undefined,
  folders: readonly string[],
  flags: QueryFlags,
  io: CommandIo,
): Promise<void> {
  if (sql === undefined || sql.trim() === "") {
    throw new UsageError('query needs a statement: steepest query "SELECT optimizer, valLoss FROM runs"');
  }
  const store = await openStore(folders.length > 0 ? folders : ["runs"]);
  try {
    await showAnswer(store, sql, flags, io);
  } finally {
    store.close();
  }
}
