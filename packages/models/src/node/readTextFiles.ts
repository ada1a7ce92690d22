import { constants } from "node:buffer";
import { stat } from "node:fs/promises";
import { DataError } from "../data/dataError.ts";
import { readTextFile } from "./readTextFile.ts";

/** Files joined by an empty line, in the order given. Throws `DataError` as `readTextFile`, for the first file that is no text. */
export async function readTextFiles(folder: string, paths: readonly string[]): Promise<string> {
  if (paths.length === 0) {
    throw new DataError("empty", `there are no files in ${folder}: give a folder with text files`);
  }
  const sizes = await Promise.all(paths.map(async (path) => (await stat(path)).size));
  const total = sizes.reduce((sum, size) => sum + size, 2 * paths.length);
  if (total > constants.MAX_STRING_LENGTH) {
    throw new DataError(
      "unreadable",
      `the ${paths.length} files in ${folder} have ${total} bytes, more than the ${constants.MAX_STRING_LENGTH} of ` +
        "one string: make a Parquet file or token shards of them",
    );
  }
  const texts: string[] = [];
  for (const path of paths) texts.push(await readTextFile(path));
  return texts.join("\n\n");
}
