import { renameSync } from "node:fs";

import { fileError } from "../files/fileError.ts";
import { removeQuietly } from "../files/removeQuietly.ts";
import { UsageError } from "../plan/usageError.ts";
import type { Store } from "./openStore.ts";

/** A value of a result: numbers where they are exact, else texts. */
export type Cell = string | number | boolean | null;

export interface StoreAnswer {
  readonly columns: readonly { readonly name: string; readonly numeric: boolean }[];
  readonly rows: readonly (readonly Cell[])[];
}

const NUMERIC =
  /^(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT|UTINYINT|USMALLINT|UINTEGER|UBIGINT|FLOAT|DOUBLE|DECIMAL)/;

/** The answer to one statement of SQL. Throws `UsageError` with what the database says of it. */
export async function askStore({ connection }: Store, sql: string): Promise<StoreAnswer> {
  try {
    const reader = await connection.runAndReadAll(sql);
    const types = reader.columnTypes().map(String);
    const columns = reader.columnNames().map((name, i) => ({ name, numeric: NUMERIC.test(types[i] ?? "") }));
    const rows = reader
      .getRowsJson()
      .map((row) => row.map((value, i) => cellOf(value, columns[i]?.numeric === true)));
    return { columns, rows };
  } catch (error) {
    throw new UsageError(
      `the query cannot be answered: ${error instanceof Error ? error.message.trim() : String(error)}`,
    );
  }
}

function cellOf(value: unknown, numeric: boolean): Cell {
  if (value === null || typeof value === "number" || typeof value === "boolean") return value;
  if (typeof value !== "string") return JSON.stringify(value);
  const number = Number(value);
  return numeric && value !== "" && (Number.isSafeInteger(number) || !Number.isInteger(number))
    ? number
    : value;
}

/** Kinds of files that an answer can be written to. */
export const exportFormats = { csv: "FORMAT csv, HEADER true", parquet: "FORMAT parquet" } as const;

/** Writes the answer to a statement into a file, which appears whole or not at all. Throws `UsageError` or `FileError`. */
export async function exportAnswer(
  { connection }: Store,
  sql: string,
  format: keyof typeof exportFormats,
  path: string,
): Promise<void> {
  const part = `${path}.${process.pid}.part`;
  const statement = sql.trim().replace(/;$/, "");
  try {
    await connection.run(`COPY (${statement}) TO '${part.replaceAll("'", "''")}' (${exportFormats[format]})`);
  } catch (error) {
    removeQuietly(part);
    throw new UsageError(
      `cannot write ${path}: ${error instanceof Error ? error.message.trim() : String(error)}`,
    );
  }
  try {
    renameSync(part, path);
  } catch (error) {
    removeQuietly(part);
    throw fileError("write", path, error);
  }
}
