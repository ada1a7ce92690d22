import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import type { ComparedRun } from "../../compare/makeRun.ts";
import { fileError } from "../../files/fileError.ts";
import { readSamples } from "../../run/samplesLog.ts";
import { textSection } from "./textSection.ts";
import type { TextAt } from "./textsOfRun.ts";

/** The part of a report on what these runs wrote, from their folders; undefined where none wrote. Throws `FileError`. */
export function readTexts(runs: readonly ComparedRun[]): ReturnType<typeof textSection> {
  return textSection(runs.map(({ row }) => ({ label: row.label, texts: textsOf(row) })));
}

function textsOf({ runDir, status }: ComparedRun["row"]): TextAt[] {
  if (runDir === null) return [];
  const path = join(runDir, "sample.txt");
  if (status !== "finished" || !existsSync(path)) return readSamples(runDir); // that of a run gone on is of its first end
  try {
    return [...readSamples(runDir), { step: "end", text: readFileSync(path, "utf8") }];
  } catch (error) {
    throw fileError("read", path, error);
  }
}
