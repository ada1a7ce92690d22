import { readFileSync } from "node:fs";
import { join } from "node:path";
import { replaceFile } from "@steepest/models/node";
import * as v from "valibot";

import { fileError } from "../files/fileError.ts";
import { readStateFile } from "../files/readStateFile.ts";
import { json } from "../plan/planInput.ts";
import type { Json } from "../plan/runPlan.ts";
import { environmentSchema } from "../run/environment.ts";
import { scales } from "./claim.ts";

const schema = v.object({
  format: v.literal(1),
  claim: v.string(),
  scale: v.picklist(scales),
  /** What to type to make it again. */
  command: v.string(),
  made: v.pipe(v.string(), v.isoTimestamp()),
  environment: environmentSchema,
  /** Results of the parts, in the order in which they were called for, and the processor time of each. */
  parts: v.array(v.object({ id: v.string(), cpuSeconds: v.number(), result: json })),
});

/** `NAME.json`: all that the page and the figure of a claim are made from. */
export type ClaimData = v.InferOutput<typeof schema>;

export const claimDataFile = (folder: string, name: string): string => join(folder, `${name}.json`);

/** Six digits are plenty for tables and curves. Throws `FileError`. */
export function writeClaimData(folder: string, data: ClaimData): void {
  const path = claimDataFile(folder, data.claim);
  const short = (_: string, value: unknown): unknown =>
    typeof value === "number" ? Number(value.toPrecision(6)) : value;
  const { parts, environment, ...head } = data;
  const lines = parts.map((part) => JSON.stringify(part, short));
  const text = `${JSON.stringify({ ...head, environment }, null, 1).slice(0, -2)},\n "parts": [\n${lines.join(",\n")}\n ]\n}\n`;
  try {
    replaceFile(path, text);
  } catch (error) {
    throw fileError("write", path, error);
  }
}

/** Throws `FileError` where there is none or it is damaged. */
export const readClaimData = (folder: string, name: string): ClaimData =>
  readStateFile(folder, { name: `${name}.json`, what: "results of a claim", schema });

export const resultsOf = ({ parts }: ClaimData): Map<string, Json> =>
  new Map(parts.map(({ id, result }) => [id, result]));

const partSchema = v.object({ cpuSeconds: v.number(), result: json });
export type PartFile = v.InferOutput<typeof partSchema>;

const partPath = (folder: string, id: string): string => join(folder, "parts", `${id}.json`);

/** A part that was made before, or undefined where there is none that is whole: it is made again. */
export function readPart(folder: string, id: string): PartFile | undefined {
  try {
    const parsed = v.safeParse(partSchema, JSON.parse(readFileSync(partPath(folder, id), "utf8")));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}

/** On the disk before the next one begins. Throws `FileError`. */
export function writePart(folder: string, id: string, part: PartFile): void {
  try {
    replaceFile(partPath(folder, id), `${JSON.stringify(part)}\n`);
  } catch (error) {
    throw fileError("write", partPath(folder, id), error);
  }
}
