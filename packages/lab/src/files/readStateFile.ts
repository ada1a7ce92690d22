import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";

import { expectFormat } from "./expectFormat.ts";
import { FileError, fileError, hasCode } from "./fileError.ts";

/** What a folder is of, and the file that says how far it is. */
interface StateFile<S extends v.GenericSchema> {
  readonly name: string;
  /** For messages: `comparison`, `sweep`. */
  readonly what: string;
  readonly schema: S;
}

/** Reads the JSON by which a folder is known. Throws `FileError` where there is none or it cannot be one of this version. */
export function readStateFile<S extends v.GenericSchema>(
  folder: string,
  { name, what, schema }: StateFile<S>,
): v.InferOutput<S> {
  const path = join(folder, name);
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    if (hasCode(error, "ENOENT") || hasCode(error, "ENOTDIR")) {
      throw new FileError(`${folder} is no folder of a ${what}: it has no ${name}`, { cause: error });
    }
    if (error instanceof SyntaxError || error instanceof RangeError) {
      throw new FileError(`${path} is damaged: it is not JSON`, { cause: error });
    }
    throw fileError("read", path, error);
  }
  expectFormat(value, 1, path);
  const parsed = v.safeParse(schema, value);
  if (parsed.success) return parsed.output;
  const at = v.getDotPath(parsed.issues[0]);
  throw new FileError(
    `${path} is damaged: ${at === null ? `it is no ${what}` : `"${at}" is not as it should be`}`,
  );
}
