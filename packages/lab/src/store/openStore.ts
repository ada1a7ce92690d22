import { existsSync } from "node:fs";
import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";

import { UsageError } from "../plan/usageError.ts";
import { type FoundRuns, findRuns } from "./findRuns.ts";
import { runColumns } from "./runRecord.ts";

/** A database over run folders, in memory: the folders stay the truth, and nothing is written to them. */
export interface Store extends FoundRuns {
  readonly connection: DuckDBConnection;
  close(): void;
}

/** Of a line of metrics.jsonl; what is not there is null. */
const metricColumns = {
  step: "INTEGER",
  seconds: "DOUBLE",
  tokens: "DOUBLE",
  loss: "DOUBLE",
  valLoss: "DOUBLE",
  valAccuracy: "DOUBLE",
  gradNorm: "DOUBLE",
  scheduleFactor: "DOUBLE",
  ms: "DOUBLE",
} as const;

/** Of a line of watch.jsonl. */
const watchColumns = {
  step: "INTEGER",
  diagnostic: "VARCHAR",
  scope: "VARCHAR",
  name: "VARCHAR",
  role: "VARCHAR",
  norm: "VARCHAR",
  values: "MAP(VARCHAR, DOUBLE)",
  arrays: "MAP(VARCHAR, DOUBLE[])",
} as const;

/**
 * Opens the runs in these folders and below as tables: `runs` (a row each), `metrics` (a row for each good line of their
 * metrics.jsonl, read when asked for), `damaged` (the other lines), and of runs that were watched `watch` (a row for each
 * number) and `spectra` (a row for each list of singular values). Throws `FileError`, or `UsageError` where the
 * database does not run on this machine.
 */
export async function openStore(folders: readonly string[]): Promise<Store> {
  const found = findRuns(folders);
  const { DuckDBInstance } = await loadDuckdb();
  // Extensions are built in; none is fetched.
  const instance = await DuckDBInstance.create(":memory:", {
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
  });
  const connection = await instance.connect();
  const structure = JSON.stringify([runColumns]);
  await connection.run(
    `CREATE TABLE runs AS SELECT unnest(from_json($1, '${structure}'), recursive := true)`,
    [JSON.stringify(found.runs.length > 0 ? found.runs : [{}])],
  );
  if (found.runs.length === 0) await connection.run("DELETE FROM runs");
  const files = found.runs.map(({ run }) => quoted(join(run, "metrics.jsonl")));
  await connection.run(`CREATE VIEW lines AS ${linesOf(files)}`);
  const metrics = JSON.stringify(metricColumns);
  await connection.run(
    `CREATE VIEW metrics AS SELECT run, unnest(from_json(line, '${metrics}')) FROM lines WHERE ${GOOD}`,
  );
  await connection.run(`CREATE VIEW damaged AS SELECT run, line FROM lines WHERE NOT ${GOOD}`);
  const watched = found.runs.map(({ run }) => join(run, "watch.jsonl")).filter((path) => existsSync(path));
  await connection.run(`CREATE VIEW watchLines AS ${linesOf(watched.map(quoted), "watch")}`);
  const seen = JSON.stringify(watchColumns);
  await connection.run(
    `CREATE VIEW watchRows AS SELECT run, unnest(from_json(CASE WHEN ${GOOD} THEN line END, '${seen}')) FROM watchLines`,
  );
  await connection.run(`CREATE VIEW watch AS SELECT run, step, diagnostic, scope, name, role, norm, entry.key AS metric,
    entry.value AS value FROM (SELECT *, unnest(map_entries("values")) AS entry FROM watchRows)`);
  await connection.run(`CREATE VIEW spectra AS SELECT run, step, name, role, entry.key AS matrix, entry.value AS sigma
    FROM (SELECT *, unnest(map_entries(arrays)) AS entry FROM watchRows WHERE arrays IS NOT NULL)`);
  return {
    ...found,
    connection,
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/** A line of metrics: an object of JSON with a step. */
const GOOD =
  "(CASE WHEN json_valid(line) THEN json_type(line) = 'OBJECT' AND json_type(line, '$.step') = 'UBIGINT' ELSE false END)";

/** Every line of the files as it stands there, with the folder it is from. */
const linesOf = (files: readonly string[], name: "metrics" | "watch" = "metrics"): string =>
  files.length === 0
    ? "SELECT NULL::VARCHAR AS run, NULL::VARCHAR AS line WHERE false"
    : `SELECT regexp_replace(filename, '[/\\\\]${name}\\.jsonl$', '') AS run, line FROM read_csv([${files.join(", ")}],
       columns = {'line': 'VARCHAR'}, delim = '\\x01', quote = '', escape = '', header = false, auto_detect = false, filename = true)
       WHERE line IS NOT NULL`;

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

async function loadDuckdb(): Promise<typeof import("@duckdb/node-api")> {
  try {
    return await import("@duckdb/node-api");
  } catch (error) {
    throw new UsageError(
      `the database of this command (@duckdb/node-api) does not load on ${process.platform} ${process.arch}; the run folders ` +
        "themselves are JSON that any program reads",
      { cause: error },
    );
  }
}
