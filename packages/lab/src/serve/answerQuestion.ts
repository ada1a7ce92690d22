import { join } from "node:path";

import { jsonLines } from "./jsonLines.ts";
import { QuestionError } from "./questionError.ts";
import { readRuns, readSeriesQuery } from "./readQuestion.ts";
import { readSmallFile, readSmallJson } from "./regularFile.ts";
import type { RunIndex } from "./runIndex.ts";
import type { SeriesOfRun, SeriesStore } from "./seriesStore.ts";

/** A step's forward and backward pass cost 6 operations for each parameter and token (Kaplan et al. 2020, arXiv:2001.08361). */
const FLOPS = 6;
const LARGEST = 64e6;
const MOST_LINES = 100_000;

export interface Sources {
  readonly index: RunIndex;
  readonly store: SeriesStore;
}

/** The answer to a question about runs, as JSON will have it. Throws `QuestionError`. */
export async function answerQuestion(url: URL, { index, store }: Sources): Promise<unknown> {
  const query = url.searchParams;
  switch (url.pathname) {
    case "/api/runs":
      return index.refresh();
    case "/api/run": {
      const [id = ""] = readRuns(query, 1);
      const folder = folderOf(index, id);
      return {
        id,
        config: readSmallJson(join(folder, "config.json"), LARGEST) ?? null,
        summary: readSmallJson(join(folder, "summary.json"), LARGEST) ?? null,
        sample: readSmallFile(join(folder, "sample.txt"), LARGEST) ?? null,
        samples: jsonLines(join(folder, "samples.jsonl"), LARGEST, MOST_LINES),
      };
    }
    case "/api/series":
      return store.series(
        readRuns(query, 1).map((id) => seriesOfRun(index, id)),
        readSeriesQuery(query),
      );
    case "/api/watch": {
      const [id = ""] = readRuns(query, 1);
      return jsonLines(join(folderOf(index, id), "watch.jsonl"), LARGEST, MOST_LINES);
    }
    case "/api/sweep": {
      const folder = folderOf(index, query.get("folder") ?? "");
      return {
        sweep: readSmallJson(join(folder, "sweep.json"), LARGEST) ?? null,
        trials: jsonLines(join(folder, "trials.jsonl"), LARGEST, MOST_LINES),
      };
    }
    default:
      throw new QuestionError(404, "there is no such question");
  }
}

function folderOf(index: RunIndex, id: string): string {
  if (index.pathOf(id) === undefined) index.refresh(); // it may be new
  const folder = index.pathOf(id);
  if (folder === undefined) throw new QuestionError(404, "there is no such run or folder");
  return folder;
}

function seriesOfRun(index: RunIndex, id: string): SeriesOfRun {
  const folder = folderOf(index, id);
  const entry = index.entryOf(id);
  const parameters = entry?.unit === "tokens" ? entry.parameters : null;
  return {
    folder,
    flopsPerToken: parameters === null || parameters === undefined ? Number.NaN : FLOPS * parameters,
  };
}
