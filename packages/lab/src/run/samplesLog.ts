import { existsSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";

import { type KeepLine, type LinesLog, openLines, readLines } from "./linesLog.ts";

const schema = v.object({
  /** Updates made before it was written. */
  step: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  text: v.string(),
});

/** Text that a run wrote on the way: a line of `samples.jsonl`. */
export type Sample = v.InferOutput<typeof schema>;

const samplesFile = (runDir: string): string => join(runDir, "samples.jsonl");

/** Opens the append-only log of a run that stands at `step` (-1: it begins). What it holds beyond is cut off. Throws `FileError`. */
export function openSamplesLog(runDir: string, step: number): { log: LinesLog<Sample>; earlier: Sample[] } {
  const { log, lines } = openLines(samplesFile(runDir), oneForEachStep(step));
  return { log, earlier: lines };
}

/** The good lines; none where the run wrote nothing on the way. Throws `FileError`. */
export function readSamples(runDir: string): Sample[] {
  if (!existsSync(samplesFile(runDir))) return [];
  return readLines(samplesFile(runDir), oneForEachStep(Number.POSITIVE_INFINITY));
}

/** Good lines up to a step, in the order of their steps. */
function oneForEachStep(upTo: number): KeepLine<Sample> {
  let last = -1;
  return (value) => {
    const parsed = v.safeParse(schema, value);
    if (!parsed.success || parsed.output.step > upTo || parsed.output.step <= last) return undefined;
    last = parsed.output.step;
    return parsed.output;
  };
}
