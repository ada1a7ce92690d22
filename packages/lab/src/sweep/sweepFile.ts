import { readFileSync } from "node:fs";
import { join } from "node:path";
import { replaceFile } from "@steepest/models/node";
import * as v from "valibot";

import { parseContender } from "../compare/contender.ts";
import { expectFormat } from "../files/expectFormat.ts";
import { FileError, fileError, hasCode } from "../files/fileError.ts";
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

/** Writes `sweep.json` of a new sweep. Throws `FileError`. */
export function writeSweep(folder: string, command: string, spec: SweepSpec, created: Date): SweepFile {
  const file: SweepFile = {
    format: 1,
    command,
    created: created.toISOString(),
    environment: describeEnvironment(),
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
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    if (hasCode(error, "ENOENT") || hasCode(error, "ENOTDIR")) {
      throw new FileError(`${folder} is no folder of a sweep: it has no sweep.json`, { cause: error });
    }
    if (error instanceof SyntaxError || error instanceof RangeError) {
      throw new FileError(`${path} is damaged: it is not JSON`, { cause: error });
    }
    throw fileError("read", path, error);
  }
  expectFormat(value, 1, path);
  const parsed = v.safeParse(schema, value);
  if (!parsed.success) {
    const at = v.getDotPath(parsed.issues[0]);
    throw new FileError(
      `${path} is damaged: ${at === null ? "it is no sweep" : `"${at}" is not as it should be`}`,
    );
  }
  const { spec, ...rest } = parsed.output;
  const contenders = spec.contenders.map(({ label }) => parseContender(label));
  return { ...rest, spec: { ...spec, contenders, base: parsePlanInput(spec.base, path) } };
}
