import { existsSync, mkdirSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { replaceFile } from "@steepest/models/node";

import { runFolderName } from "../compare/compareFolder.ts";
import { comparisonFile, readComparison } from "../compare/comparisonFile.ts";
import { joinRuns, type RunSource } from "../compare/joinRuns.ts";
import type { ComparedRun } from "../compare/makeRun.ts";
import { readRunFolder } from "../compare/readRunFolder.ts";
import { FileError, fileError } from "../files/fileError.ts";
import { firstFreePath } from "../files/firstFreePath.ts";
import { lossCurves } from "../run/lossCurves.ts";
import { readMetrics } from "../run/metricsLog.ts";
import { shellWord } from "../text/shellWord.ts";
import { describeComparison } from "./describeComparison.ts";
import { writePathPicture } from "./paths/writePathPicture.ts";
import { renderReport } from "./renderReport.ts";
import { readTexts } from "./texts/readTexts.ts";
import { readWatched } from "./watch/readWatched.ts";

/** What a report shows, and where it is. */
export interface WrittenReport {
  readonly report: string;
  /** Of a function of two coordinates: the path of `path.svg`. */
  readonly picture: string | undefined;
  readonly runs: readonly ComparedRun[];
  readonly notes: readonly string[];
}

/**
 * The report of what is in folders of comparisons and runs, finished or not, without their data: of one folder into that,
 * of several into `out` (default `runs/<date>-report`). Rejects with `FileError` or a sentence for a folder that is neither.
 */
export async function writeReport(folders: readonly string[], out?: string): Promise<WrittenReport> {
  const sources = folders.map(readSource);
  const [first] = sources;
  if (first === undefined) throw new Error("a report needs at least one folder");
  const { planned, runs, notes } = joinRuns(sources);
  if (runs.length === 0) throw new FileError(`${folders.join(", ")}: no run has ended yet`);
  const target = out ?? (folders.length === 1 ? (folders[0] ?? ".") : defaultFolder(new Date()));
  const single = sources.length === 1 ? first : undefined;
  makeFolder(target);
  const picture = await writePathPicture(resolve(target), planned, runs);
  const page = renderReport({
    ...describeComparison(runs, {
      planned,
      facts: first.facts,
      environment: first.environment,
      command: single?.command ?? `npx steepest report ${folders.map(shellWord).join(" ")}`,
      created: first.created,
      notes,
    }),
    paths: picture?.element,
    watched: readWatched(runs),
    texts: readTexts(runs),
    brand: `steepest ${single?.verb ?? "report"}`,
  });
  const report = join(resolve(target), "report.html");
  try {
    replaceFile(report, page);
  } catch (error) {
    throw fileError("write the report", report, error);
  }
  return { report, picture: picture?.file, runs, notes };
}

function makeFolder(path: string): void {
  try {
    mkdirSync(resolve(path), { recursive: true });
  } catch (error) {
    throw fileError("make the folder", path, error);
  }
}

const defaultFolder = (now: Date): string =>
  firstFreePath(join("runs", `${now.toISOString().slice(0, 10)}-report`));

type Source = RunSource & { readonly command: string; readonly verb: string };

function readSource(folder: string): Source {
  if (existsSync(comparisonFile(folder))) return readComparisonSource(folder);
  if (existsSync(join(folder, "config.json"))) {
    const { planned, compared, facts, created, environment } = readRunFolder(folder);
    return {
      name: basename(resolve(folder)),
      runs: [{ planned, compared }],
      facts,
      created,
      environment,
      command: `npx steepest train --config ${shellWord(join(resolve(folder), "config.json"))}`,
      verb: "train",
    };
  }
  throw new FileError(
    `${folder} is no folder of a run or a comparison: it has no config.json and no compare.json`,
  );
}

function readComparisonSource(folder: string): Source {
  const { planned, rows, facts, created, environment, command } = readComparison(folder);
  const labels = [...new Set(planned.map(({ label }) => label))];
  const runs = planned.flatMap((run) => {
    const row = rows.find(({ label, seed }) => label === run.label && seed === run.plan.seed);
    if (row === undefined) return [];
    const runDir = join(resolve(folder), runFolderName(run.label, run.plan.seed, labels));
    const there = existsSync(runDir);
    const curves = lossCurves(there ? readMetrics(runDir) : []);
    return { planned: run, compared: { row: { ...row, runDir: there ? runDir : row.runDir }, curves } };
  });
  return { name: basename(resolve(folder)), runs, facts, created, environment, command, verb: "compare" };
}
