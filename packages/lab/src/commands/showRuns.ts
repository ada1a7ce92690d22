import { numberFlag } from "../plan/numberFlag.ts";
import { UsageError } from "../plan/usageError.ts";
import { openStore } from "../store/openStore.ts";
import { planDifferences } from "../store/planDifferences.ts";
import { runColumns } from "../store/runRecord.ts";
import type { CommandIo } from "../text/commandIo.ts";
import { fitTable } from "../text/fitTable.ts";
import { MISSING } from "../text/quantities.ts";
import { didYouMean } from "../text/suggest.ts";
import { terminalColours } from "../text/terminalColours.ts";
import { terminalWidth } from "../text/terminalWidth.ts";
import type { RunsFlags } from "./runsFlags.ts";
import { showAnswer } from "./showAnswer.ts";

/** What most people look for; the others are for `--columns`. */
const usual = [
  "run",
  "valLoss",
  "optimizer",
  "learningRate",
  "status",
  "model",
  "seed",
  "steps",
  "valAccuracy",
  "msPerStep",
];

/** What `steepest runs` does. */
export async function showRuns(folders: readonly string[], flags: RunsFlags, io: CommandIo): Promise<void> {
  const columns = flags.columns === undefined ? usual : readColumns(flags.columns);
  const limit = numberFlag("--limit", flags.limit, { least: 1, whole: true });
  const store = await openStore(folders.length > 0 ? folders : ["runs"]);
  try {
    if (flags.diff === true) return showDifferences(store.runs, flags.json === true, io);
    const sql = [
      `SELECT ${columns.map((name) => `"${name}"`).join(", ")} FROM runs`,
      ...(flags.where === undefined ? [] : [`WHERE ${flags.where}`]),
      `ORDER BY ${flags.sort ?? "created DESC NULLS LAST, run"}`,
      ...(limit === undefined ? [] : [`LIMIT ${limit}`]),
    ].join(" ");
    await showAnswer(store, sql, flags, io);
  } finally {
    store.close();
  }
}

function readColumns(text: string): string[] {
  const known = Object.keys(runColumns);
  return text.split(",").map((part) => {
    const name = part.trim();
    const found = known.find((one) => one.toLowerCase() === name.toLowerCase());
    if (found !== undefined) return found;
    throw new UsageError(
      `--columns has no "${name}"${didYouMean(name, known)}; there are ${known.join(", ")}`,
    );
  });
}

function showDifferences(
  runs: readonly { readonly run: string; readonly plan: unknown }[],
  json: boolean,
  io: CommandIo,
): void {
  if (runs.length < 2)
    throw new UsageError(`--diff needs two or more runs, found ${runs.length}: steepest runs --diff DIR DIR`);
  const differences = planDifferences(runs.map(({ plan }) => plan));
  if (json) {
    const named = differences.map(({ setting, values }) => ({
      setting,
      values: values.map((value) => value ?? null),
    }));
    io.out(JSON.stringify({ runs: runs.map(({ run }) => run), differences: named }));
    return;
  }
  if (differences.length === 0) {
    io.out(`the plans of these ${runs.length} runs are the same`);
    return;
  }
  const columns = runs.map(({ run }, i) => ({
    title: run,
    align: "left" as const,
    keep: i < 2 ? 0 : i,
    cells: differences.map(({ values }) => (values[i] === undefined ? MISSING : JSON.stringify(values[i]))),
  }));
  const settings = {
    title: "setting",
    align: "left" as const,
    keep: 0,
    cells: differences.map(({ setting }) => setting),
  };
  const width = terminalWidth(process.stdout);
  for (const line of fitTable([settings, ...columns], width, terminalColours(process.stdout))) io.out(line);
}
