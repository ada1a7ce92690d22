import { existsSync } from "node:fs";
import { basename } from "node:path";

import { Command } from "commander";
import { didYouMean } from "steepest";
import type { ReplayOutcome } from "../golden/outcome.ts";
import { storedGolden } from "../golden/storedGolden.ts";
import { UsageError } from "../plan/usageError.ts";
import type { CommandIo } from "../text/commandIo.ts";
import { fitTable, type TableColumn } from "../text/fitTable.ts";
import { LiveLines } from "../text/liveLines.ts";
import { terminalColours } from "../text/terminalColours.ts";
import { terminalWidth } from "../text/terminalWidth.ts";
import { progressLine, secondsLeft } from "./compareProgress.ts";
import { withThreads } from "./withThreads.ts";

const examples = `
Examples:
  steepest replay --all                                the stored trajectories, a line each
  steepest replay muon_keller --json                   [{file, optimizer, maxAbsError, tolerance, ok, skipped?, error?}]
  steepest replay my-trajectory.json                   a file of your own, .json or .json.gz

A trajectory is replayed through createOptimizer, a matrix file through the matrix functions. Exit code 1 when \
a file leaves its tolerance or cannot be replayed; the others are replayed all the same. Files of methods that \
are not built are skipped and say so.`;

/** Thrown when files left their tolerance or could not be replayed: the table has been printed, the exit code is 1. */
class ReplayError extends Error {
  override readonly name = "ReplayError";
}

/** `steepest replay`: trajectories of official implementations, and whether we follow them. */
export const replayCommand = (io: CommandIo): Command =>
  new Command("replay")
    .argument("[file...]", "files in the format of the golden trajectories, or names of stored ones")
    .option("--all", "replay every stored trajectory")
    .option("--json", "last line of stdout: the outcomes as a JSON array")
    .addHelpText("after", examples)
    .action(async (given: string[], { all, json }: { all?: boolean; json?: boolean }) => {
      const files = filesOf(given, all === true);
      const outcomes = await replayAll(files, io);
      if (json) io.out(JSON.stringify(outcomes.map(({ firstOutside: _, ...outcome }) => outcome)));
      else report(outcomes, io);
      const failed = outcomes.filter(({ error }) => error !== undefined);
      const outside = outcomes.filter(({ ok, maxAbsError }) => !ok && maxAbsError !== null);
      const [only] = failed;
      if (only !== undefined && files.length === 1) throw new ReplayError(only.error);
      const complaints = [
        ["left their tolerance", outside],
        ["could not be replayed", failed],
      ] as const;
      const said = complaints
        .filter(([, own]) => own.length > 0)
        .map(
          ([what, own]) =>
            `${own.length} of ${files.length} files ${what}: ${own.map(({ file }) => basename(file)).join(", ")}`,
        );
      if (said.length > 0) throw new ReplayError(said.join("; "));
    });

/** A path as it is; the name of a stored trajectory, where no file has it, is its file. */
function filesOf(given: readonly string[], all: boolean): string[] {
  const stored = storedGolden();
  if (all && given.length > 0) throw new UsageError("replay takes FILEs or --all, not both");
  if (all) return [...stored.values()];
  if (given.length === 0)
    throw new UsageError("replay needs at least one FILE, or --all; see steepest replay --help");
  return given.map((file) => {
    if (existsSync(file) || /[\\/.]/.test(file)) return file;
    const found = stored.get(file);
    if (found !== undefined) return found;
    throw new UsageError(
      `replay: "${file}" is neither a file nor a stored trajectory${didYouMean(file, [...stored.keys()])}`,
    );
  });
}

async function replayAll(files: readonly string[], io: CommandIo): Promise<ReplayOutcome[]> {
  const live = new LiveLines(process.stderr);
  const colours = terminalColours(process.stderr);
  const { replayFile } = await withThreads(() => import("../golden/replayFile.ts"));
  const outcomes: ReplayOutcome[] = [];
  const began = performance.now();
  io.listen("stopping after this file");
  try {
    for (const file of files) {
      io.signal.throwIfAborted();
      const now = {
        label: basename(file),
        state: "running",
        done: outcomes.length,
        steps: files.length,
      } as const;
      const line = { ...now, elapsedMs: performance.now() - began };
      if (io.interactive) live.draw([progressLine(line, secondsLeft(line, [line]), 24, live.width, colours)]);
      outcomes.push(await replayFile(file));
    }
  } finally {
    if (io.interactive) live.draw([]);
    live.stop();
  }
  return outcomes;
}

function report(outcomes: readonly ReplayOutcome[], io: CommandIo): void {
  const colours = terminalColours(process.stdout);
  const paint = { ok: colours.green, OUTSIDE: colours.red };
  const replayed = outcomes.filter(({ maxAbsError }) => maxAbsError !== null);
  const failed = outcomes.filter(({ error }) => error !== undefined);
  const skipped = outcomes.filter((outcome) => outcome.skipped !== undefined);
  const name = ({ file }: ReplayOutcome): string => basename(file).replace(/\.json(\.gz)?$/, "");
  const cells = (of: (outcome: ReplayOutcome) => string | undefined): string[] =>
    replayed.map((outcome) => of(outcome) ?? "");
  if (replayed.length > 0) {
    const columns: TableColumn[] = [
      { title: "file", align: "left", keep: 0, cells: cells(name) },
      {
        title: "",
        align: "left",
        keep: 0,
        cells: cells(({ ok }) => (ok ? "ok" : "OUTSIDE")),
        style: (text) => paint[text.trim() as keyof typeof paint](text),
      },
      {
        title: "largest error",
        align: "right",
        keep: 1,
        cells: cells((o) => o.maxAbsError?.toExponential(1)),
      },
      { title: "tolerance", align: "right", keep: 2, cells: cells((o) => o.tolerance?.toExponential(1)) },
      { title: "first outside", align: "left", keep: 3, cells: cells(({ firstOutside }) => firstOutside) },
    ];
    for (const line of fitTable(columns, terminalWidth(process.stdout), colours)) io.out(line);
  }
  for (const outcome of skipped) io.out(colours.dim(`skipped ${name(outcome)}: ${outcome.skipped}`));
  for (const outcome of failed) io.out(colours.red(`failed ${name(outcome)}: ${outcome.error}`));
  const within = replayed.filter(({ ok }) => ok).length;
  const counts = [`${within} within tolerance`, `${replayed.length - within} outside`];
  if (failed.length > 0) counts.push(`${failed.length} failed`);
  io.out(`\n${[...counts, `${skipped.length} skipped`].join(", ")}`);
}
