import { join } from "node:path";
import { replaceFile } from "@steepest/models/node";
import * as v from "valibot";

import { parseContender } from "../compare/contender.ts";
import { fileError } from "../files/fileError.ts";
import { readStateFile } from "../files/readStateFile.ts";
import { json, parsePlanInput } from "../plan/planInput.ts";
import { describeEnvironment, type Environment, environmentSchema } from "../run/environment.ts";
import { designs, type SweepSpec } from "./sweepSpec.ts";

/** `sweep.json`: what a sweep is made of. How far it is stands in `trials.jsonl`. */
export interface SweepFile {
  readonly format: 1;
  /** What to type to repeat it. */
  readonly command: string;
  readonly created: string;
  readonly environment: Environment;
  /** Runs at once, where that was asked for: a resume makes as many. */
  readonly parallel?: number;
  readonly spec: SweepSpec;
}

export const sweepFile = (folder: string): string => join(folder, "sweep.json");

const list = v.object({ name: v.string(), values: v.array(json) });
const range = v.object({
  name: v.string(),
  low: v.number(),
  high: v.number(),
  scale: v.picklist(["log", "linear"]),
  points: v.number(),
});
const schema = v.object({
  format: v.literal(1),
  command: v.string(),
  created: v.pipe(v.string(), v.isoTimestamp()),
  environment: environmentSchema,
  parallel: v.exactOptional(v.pipe(v.number(), v.safeInteger(), v.minValue(1))),
  spec: v.object({
    contenders: v.pipe(v.array(v.object({ label: v.string() })), v.minLength(1)),
    axes: v.array(v.union([range, list])),
    seeds: v.pipe(v.array(v.number()), v.minLength(1)),
    base: v.unknown(),
    design: v.picklist(designs),
    points: v.number(),
    halving: v.boolean(),
    extend: v.number(),
    sameExamples: v.boolean(),
  }),
});

interface NewSweep {
  readonly command: string;
  readonly spec: SweepSpec;
  readonly created: Date;
  readonly parallel?: number | undefined;
}

/** Writes `sweep.json` of a new sweep. Throws `FileError`. */
export function writeSweep(folder: string, { command, spec, created, parallel }: NewSweep): SweepFile {
  const file: SweepFile = {
    format: 1,
    command,
    created: created.toISOString(),
    environment: describeEnvironment(),
    ...(parallel !== undefined && { parallel }),
    spec,
  };
  const path = sweepFile(folder);
  try {
    replaceFile(path, `${JSON.stringify(file, null, 2)}\n`);
  } catch (error) {
    throw fileError("write", path, error);
  }
  return file;
}

/** Reads the `sweep.json` of a folder. Throws `FileError` where there is none or it cannot be one of this version. */
export function readSweep(folder: string): SweepFile {
  const path = sweepFile(folder);
  const { spec, ...rest } = readStateFile(folder, { name: "sweep.json", what: "sweep", schema });
  const contenders = spec.contenders.map(({ label }) => parseContender(label));
  return { ...rest, spec: { ...spec, contenders, base: parsePlanInput(spec.base, path) } };
}
