import { askStore, type Cell, exportAnswer, type StoreAnswer } from "../store/askStore.ts";
import type { Store } from "../store/openStore.ts";
import type { CommandIo } from "../text/commandIo.ts";
import { fitTable } from "../text/fitTable.ts";
import { formatCountOf, MISSING } from "../text/quantities.ts";
import { terminalColours } from "../text/terminalColours.ts";
import { terminalWidth } from "../text/terminalWidth.ts";

interface Where {
  readonly csv?: string;
  readonly parquet?: string;
  readonly json?: boolean;
}

/** Prints the answer to a statement as a table or as JSON, or writes it into files. */
export async function showAnswer(store: Store, sql: string, where: Where, io: CommandIo): Promise<void> {
  for (const line of store.unreadable) io.err(`left out: ${line}`);
  for (const format of ["csv", "parquet"] as const) {
    const path = where[format];
    if (path === undefined) continue;
    await exportAnswer(store, sql, format, path);
    io.err(`written: ${path}`);
  }
  if (where.json !== true && (where.csv !== undefined || where.parquet !== undefined)) return;
  const answer = await askStore(store, sql);
  if (where.json === true) io.out(JSON.stringify(objects(answer)));
  else for (const line of tableOf(answer)) io.out(line);
}

const objects = ({ columns, rows }: StoreAnswer): Record<string, Cell>[] =>
  rows.map((row) => Object.fromEntries(columns.map(({ name }, i) => [name, row[i] ?? null])));

function tableOf({ columns, rows }: StoreAnswer): string[] {
  if (columns.length === 0) return [];
  const table = fitTable(
    columns.map(({ name, numeric }, i) => ({
      title: name,
      align: numeric ? ("right" as const) : ("left" as const),
      keep: i < 2 ? 0 : i,
      cells: rows.map((row) => formatCell(row[i] ?? null)),
    })),
    terminalWidth(process.stdout),
    terminalColours(process.stdout),
  );
  return [...table, "", formatCountOf(rows.length, "row")];
}

/** Whole numbers as they are, others with five digits. */
function formatCell(value: Cell): string {
  if (value === null) return MISSING;
  if (typeof value !== "number" || Number.isInteger(value)) return String(value);
  return String(Number(value.toPrecision(5)));
}
