import { DataError } from "../dataError.ts";
import { readTextFile } from "./readTextFile.ts";

/** Files joined by an empty line, in the order given. Throws `DataError` as `readTextFile`, for the first file that is no text. */
export async function readTextFiles(folder: string, paths: readonly string[]): Promise<string> {
  if (paths.length === 0) {
    throw new DataError("empty", `there are no files in ${folder}: give a folder with text files`);
  }
  const texts: string[] = [];
  for (const path of paths) texts.push(await readTextFile(path));
  return texts.join("\n\n");
}
