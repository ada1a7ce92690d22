import { readdir, stat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { sha256 } from "../../files/sha256.ts";
import { DataError } from "../dataError.ts";
import type { LoadedImages } from "../images/loadedImages.ts";
import { isCifarFolder, readCifarFolder } from "../images/readCifarFolder.ts";
import { isIdxFolder, readIdxFolder } from "../images/readIdxFolder.ts";
import { parquetTexts } from "../parquet/parquetTexts.ts";
import { splitFiles } from "../splitFiles.ts";
import type { LoadedText } from "../text/loadedText.ts";
import { readTextFile } from "../text/readTextFile.ts";
import { readTextFiles } from "../text/readTextFiles.ts";
import type { TextPiece } from "../text/textPiece.ts";
import { textPieces } from "../text/textPieces.ts";
import { readTokenShards } from "../tokens/readTokenShards.ts";
import { tokenizeFiles } from "../tokens/tokenizeFiles.ts";
import type { LoadedData } from "./loadedData.ts";
import { type LoadOptions, refuse } from "./loadOptions.ts";

/** Longer texts are not loaded but tokenised piece by piece. A string can be twice as long. */
const mostTextBytes = 2 ** 28;

/** The data that some files hold, told by their names and content; `source` is what messages call them. */
export async function loadFiles(
  source: string,
  paths: readonly string[],
  options: LoadOptions,
): Promise<LoadedData> {
  refuse(source, options, "imageSize");
  const marker = paths.find((path) => isCifarFolder([basename(path)]) || isIdxFolder([basename(path)]));
  if (marker !== undefined) return loadImageSet(dirname(marker), options);
  const ending = (end: string): string[] => paths.filter((path) => path.endsWith(end));
  const [tables, shards] = [ending(".parquet"), ending(".bin")];
  if (tables.length > 0) {
    const how = `parquet ${options.textColumn ?? ""}`;
    const read = (path: string) => wholeTexts(parquetTexts(path, options.textColumn));
    return tokenizeFiles(source, tables, { read, how }, options);
  }
  refuse(source, options, "textColumn");
  if (shards.length > 0) return readTokenShards(source, shards, options);
  const table = paths.find((path) => /\.(jsonl|ndjson|csv|tsv)$/i.test(path));
  if (table !== undefined) {
    throw new DataError(
      "unsupported",
      `${table} is a table by its name, of which every quote and bracket would be trained on: give its texts as Parquet ` +
        "or as text files (or name it .txt, if that is meant)",
    );
  }
  const held = splitFiles(source, paths).train.length < paths.length;
  if (held || (await totalSize(paths)) > mostTextBytes) {
    for (const path of paths) await expectTextBeginning(path);
    return tokenizeFiles(source, paths, { read: (path) => textPieces(path), how: "texts" }, options);
  }
  const [first] = paths;
  const text =
    first !== undefined && paths.length === 1
      ? await readTextFile(first)
      : await readTextFiles(source, paths);
  return loadedText(source, text);
}

/** By path: nobody knows what it should be, so it is said what was found. */
async function loadImageSet(folder: string, options: LoadOptions): Promise<LoadedImages> {
  refuse(folder, options, "textColumn");
  const names = await readdir(folder);
  const loaded = isCifarFolder(names)
    ? await readCifarFolder(folder, names, options)
    : await readIdxFolder(folder, names);
  const { train, test } = loaded;
  options.report?.(
    `${folder}: ${train.count} training and ${test.count} test images of ${train.shape.join(" × ")} in ` +
      `${train.classes} classes, as they are: no published checksum is known for a path`,
  );
  return loaded;
}

async function totalSize(paths: readonly string[]): Promise<number> {
  let total = 0;
  for (const path of paths) total += (await stat(path)).size;
  return total;
}

/** So that a wrong file is said at once, not after gigabytes have been read for their checksum. */
async function expectTextBeginning(path: string): Promise<void> {
  for await (const _ of textPieces(path)) return;
}

async function* wholeTexts(texts: AsyncIterable<string>): AsyncGenerator<TextPiece> {
  for await (const text of texts) yield { text, last: true };
}

export const loadedText = (source: string, text: string): LoadedText => ({
  kind: "text",
  text,
  source,
  sha256: sha256(text),
  split: "the last tenth of the text is validated on, the rest is trained on",
});
