import { createHash } from "node:crypto";
import { readdir, stat } from "node:fs/promises";
import { basename, dirname, isAbsolute, join } from "node:path";
import { didYouMean } from "steepest";
import { DataError } from "../data/dataError.ts";
import type { LoadedData, LoadedImages, LoadedText } from "../data/loadedData.ts";
import { isCifarFolder, isIdxFolder, readCifarFolder, readIdxFolder } from "./imageFolder.ts";
import { listFiles } from "./listFiles.ts";
import { mobyDick } from "./mobyDick.ts";
import { dataFolders, type NamedData, namedData } from "./namedData.ts";
import { parquetTexts } from "./parquet/parquetTexts.ts";
import { isImageFolder, readImageFolder } from "./readImageFolder.ts";
import { readTextFile } from "./readTextFile.ts";
import { readTextFiles } from "./readTextFiles.ts";
import { textPieces } from "./textPieces.ts";
import { type TextPiece, tokenizeFiles } from "./tokenizeFiles.ts";
import { readTokenShards } from "./tokenShards.ts";

/** The name of the text that comes with this package. */
const defaultText = "moby-dick";

/** Longer texts are not loaded but tokenised piece by piece. A string can be twice as long. */
const mostTextBytes = 2 ** 28;

/** What `loadData` knows by name. */
export const dataNames: readonly string[] = [defaultText, ...Object.keys(namedData)];

export interface LoadOptions {
  /** For Parquet and long texts, which are tokenised as they are read: what `readTokenizer` takes. Default `gpt2`. */
  readonly tokenizer?: string;
  /** The column of a Parquet file. Default `text` or `content`, else its only column of strings. */
  readonly textColumn?: string;
  /** For token shards: ids are below this. Default 50257 (GPT-2), or what the largest id needs. */
  readonly vocabSize?: number;
  /**
   * Where no file is for validation: of shards and Parquet from the end, of image files of every class. Default 0.1, at
   * most 10,485,760 tokens.
   */
  readonly validationShare?: number;
  /** Height and width that image files are brought to. Default: as they are, which must be alike. */
  readonly imageSize?: number;
  /** Gets a line now and then while something takes long. */
  readonly report?: (line: string) => void;
}

/**
 * A data set by name (`dataNames`) or path. What a path holds is told by its content:
 *
 * - a text file, or a folder of them (with the folders below it, by path, joined by an empty line): `text`; more than
 *   256 MiB of it: `tokens`, as Parquet
 * - `.bin` token shards of the nanoGPT speedrun, one or a folder: `tokens`, left on disk
 * - a `.parquet` file or a folder with some: `tokens`, made once, row by row, and kept on disk in the cache folder
 * - a folder with `train-images-idx3-ubyte` …, gzip or not, or with CIFAR-10's `data_batch_1.bin` …: `images`
 * - a folder that is mostly PNG, JPEG and WebP files, one subfolder per class: `images`
 *
 * In the last part of a path, `*` and `?` stand for any name: `fineweb/*_train_*.bin`. Shards and Parquet files with
 * `val` or `test` in their name are for validation. A name, and a path that is not here, is looked for in `$STEEPEST_DATA`, `./data` and
 * `~/.local/share/steepest`, and where Debian's packages put it.
 *
 * Throws `DataError` for what is missing (with the places looked at and how to get it) or damaged.
 */
export async function loadData(nameOrPath: string, options: LoadOptions = {}): Promise<LoadedData> {
  if (nameOrPath === defaultText) return loadedText("the default text (Moby-Dick)", mobyDick());
  const known = Object.entries<NamedData>(namedData).find(([name]) => name === nameOrPath);
  if (known !== undefined) return loadNamed(...known);

  const elsewhere = isAbsolute(nameOrPath) ? [] : dataFolders().map((folder) => join(folder, nameOrPath));
  for (const path of [nameOrPath, ...elsewhere]) {
    const found = await stat(path).catch(() => undefined);
    if (found?.isDirectory()) {
      const paths = await listFiles(path);
      return isImageFolder(paths) ? readImageFolder(path, paths, options) : loadFiles(path, paths, options);
    }
    if (found !== undefined) return loadFiles(path, [path], options);
    const matching = await matchingFiles(path);
    if (matching.length > 0) return loadFiles(path, matching, options);
  }
  throw new DataError(
    "missing",
    `there is no file or folder ${nameOrPath}${didYouMean(nameOrPath, dataNames)}: ` +
      `give a path (STEEPEST_DATA sets a folder to look in too), or one of ${dataNames.join(", ")}`,
  );
}

async function loadFiles(
  source: string,
  paths: readonly string[],
  options: LoadOptions,
): Promise<LoadedData> {
  const names = paths.map((path) => basename(path));
  const [first] = paths;
  const folder = first === undefined ? source : dirname(first);
  if (isCifarFolder(names)) return readCifarFolder(folder, names);
  if (isIdxFolder(names)) return readIdxFolder(folder, names);
  const ending = (end: string): string[] => paths.filter((path) => path.endsWith(end));
  const [tables, shards] = [ending(".parquet"), ending(".bin")];
  if (tables.length > 0) {
    const how = `parquet ${options.textColumn ?? ""}`;
    const read = (path: string) => wholeTexts(parquetTexts(path, options.textColumn));
    return tokenizeFiles(source, tables, { read, how }, options);
  }
  if (shards.length > 0) return readTokenShards(source, shards, options);
  if ((await totalSize(paths)) > mostTextBytes) {
    return tokenizeFiles(source, paths, { read: (path) => textPieces(path), how: "texts" }, options);
  }
  const text =
    first !== undefined && paths.length === 1
      ? await readTextFile(first)
      : await readTextFiles(source, paths);
  return loadedText(source, text);
}

async function totalSize(paths: readonly string[]): Promise<number> {
  let total = 0;
  for (const path of paths) total += (await stat(path)).size;
  return total;
}

async function* wholeTexts(texts: AsyncIterable<string>): AsyncGenerator<TextPiece> {
  for await (const text of texts) yield { text, last: true };
}

async function loadNamed(name: string, about: NamedData): Promise<LoadedImages> {
  const folders = [
    ...dataFolders().flatMap((folder) => about.folderNames.map((each) => join(folder, each))),
    ...about.systemFolders,
  ];
  for (const folder of folders) {
    const names = await readdir(folder).catch(() => []);
    if (!names.some((each) => about.mark.test(each))) continue;
    const loaded = await (isCifarFolder(names)
      ? readCifarFolder(folder, names)
      : readIdxFolder(folder, names, about));
    return { ...loaded, source: `${name} (${folder})` };
  }
  throw new DataError(
    "missing",
    `${name} is not on this machine (looked in ${folders.join(", ")}): to get it, ${about.howToGet}; ` +
      `or put its files into ${folders[0]}. STEEPEST_DATA sets the folder that holds data sets`,
  );
}

/** Files whose name fits a pattern with `*` and `?`, sorted; none where the path has no such sign. */
async function matchingFiles(path: string): Promise<string[]> {
  if (!/[*?]/.test(basename(path))) return [];
  const literal = basename(path).replace(/[\\^$.+()[\]{}|]/g, "\\$&");
  const pattern = new RegExp(`^${literal.replaceAll("*", ".*").replaceAll("?", ".")}$`);
  const names = await readdir(dirname(path)).catch(() => []);
  return names
    .filter((name) => pattern.test(name))
    .sort()
    .map((name) => join(dirname(path), name));
}

const loadedText = (source: string, text: string): LoadedText => ({
  kind: "text",
  text,
  source,
  sha256: createHash("sha256").update(text).digest("hex"),
});
