import { readdir, stat } from "node:fs/promises";
import { basename, dirname, isAbsolute, join } from "node:path";
import { listFiles } from "../../files/listFiles.ts";
import { notOrdinary } from "../../files/notOrdinary.ts";
import { sha256 } from "../../files/sha256.ts";
import { DataError } from "../dataError.ts";
import type { LoadedImages } from "../images/loadedImages.ts";
import { isCifarFolder, readCifarFolder } from "../images/readCifarFolder.ts";
import { isIdxFolder, readIdxFolder } from "../images/readIdxFolder.ts";
import { isImageFolder, readImageFolder } from "../images/readImageFolder.ts";
import { parquetTexts } from "../parquet/parquetTexts.ts";
import { splitFiles } from "../splitFiles.ts";
import type { LoadedText } from "../text/loadedText.ts";
import { mobyDick } from "../text/mobyDick.ts";
import { readTextFile } from "../text/readTextFile.ts";
import { readTextFiles } from "../text/readTextFiles.ts";
import type { TextPiece } from "../text/textPiece.ts";
import { textPieces } from "../text/textPieces.ts";
import { readTokenShards } from "../tokens/readTokenShards.ts";
import { tokenizeFiles } from "../tokens/tokenizeFiles.ts";
import { dataNames, defaultText } from "./dataNames.ts";
import { expectPublished } from "./expectPublished.ts";
import type { LoadedData } from "./loadedData.ts";
import { missingPath, missingSet } from "./missingPath.ts";
import { dataFolders, foldersOf, type NamedData, namedData } from "./namedData.ts";

/** Longer texts are not loaded but tokenised piece by piece. A string can be twice as long. */
const mostTextBytes = 2 ** 28;

export interface LoadOptions {
  /**
   * For Parquet, long texts and texts with files for validation, which are tokenised as they are read: what `readTokenizer`
   * takes. Default `gpt2`. For token shards: what they were made with.
   */
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
  /** For a folder of CIFAR-10 batches: a part of the set will do. Default: five batches of 10,000 and a test batch. */
  readonly partial?: boolean;
  /** Height and width that image files are brought to. Default: as they are, which must be alike. */
  readonly imageSize?: number;
  /** Gets a line now and then while something takes long. */
  readonly report?: (line: string) => void;
}

/**
 * A data set by name (`dataNames`) or path. What a path holds is told by its content:
 *
 * - a text file, or a folder of them (with the folders below it, by path, joined by an empty line): `text`; more than
 *   256 MiB of it, or some of the files for validation: `tokens`, as Parquet
 * - `.bin` token shards of the nanoGPT speedrun, one or a folder: `tokens`, left on disk
 * - a `.parquet` file or a folder with some: `tokens`, made once, row by row, and kept on disk in the cache folder
 * - a folder with `train-images-idx3-ubyte` …, gzip or not, or with CIFAR-10's `data_batch_1.bin` …: `images`
 * - a folder that is mostly PNG, JPEG and WebP files, one subfolder per class: `images`
 *
 * In the last part of a path, `*` and `?` stand for any name: `fineweb/*_train_*.bin`. Files and folders called `val`,
 * `test` and the like are not trained on (see `splitFiles`); `split` of the result says which. A name, and a path that is not here, is looked for in `$STEEPEST_DATA`, `./data` and
 * `~/.local/share/steepest`, and where Debian's packages put it.
 *
 * Throws `DataError` for what is missing (with the places looked at and how to get it) or damaged.
 */
export async function loadData(nameOrPath: string, options: LoadOptions = {}): Promise<LoadedData> {
  if (nameOrPath === defaultText) {
    refuse(nameOrPath, options, "imageSize", "textColumn");
    return loadedText("the default text (Moby-Dick)", mobyDick());
  }
  const known = Object.hasOwn(namedData, nameOrPath) ? namedData[nameOrPath] : undefined;
  if (known !== undefined) return loadNamed(nameOrPath, known, options);

  const elsewhere = isAbsolute(nameOrPath) ? [] : dataFolders().map((folder) => join(folder, nameOrPath));
  for (const path of [nameOrPath, ...elsewhere]) {
    const found = await stat(path).catch(() => undefined);
    if (found?.isDirectory()) return loadFolder(path, options);
    if (found?.isFile()) return loadFiles(path, [path], options);
    if (found !== undefined) throw notOrdinary(path);
    const matching = await matchingFiles(path);
    if (matching.length > 0) return loadFiles(path, matching, options);
  }
  throw missingPath(nameOrPath, dataNames);
}

async function loadFolder(folder: string, options: LoadOptions): Promise<LoadedData> {
  const paths = await listFiles(folder);
  if (!isImageFolder(paths)) return loadFiles(folder, paths, options);
  refuse(folder, options, "textColumn");
  return readImageFolder(folder, paths, options);
}

async function loadFiles(
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

async function loadNamed(name: string, about: NamedData, options: LoadOptions): Promise<LoadedData> {
  for (const folder of foldersOf(about)) {
    const names = await readdir(folder).catch(() => []);
    if (about.kind === "texts") {
      if (!names.some((each) => !each.startsWith("."))) continue;
      return { ...(await loadFolder(folder, options)), source: `${name} (${folder})` };
    }
    if (!names.some((each) => about.mark.test(each))) continue;
    refuse(name, options, "imageSize", "textColumn");
    const { classNames, counts } = about;
    const check = (path: string, content: Uint8Array): void => expectPublished(path, content, name, about);
    const loaded = await (isCifarFolder(names)
      ? readCifarFolder(folder, names, { check })
      : readIdxFolder(folder, names, { check, classNames, counts }));
    return { ...loaded, source: `${name} (${folder})` };
  }
  throw missingSet(name, about);
}

/** Settings that only some data have are no matter of taste: one that would do nothing is a mistake. */
function refuse(source: string, options: LoadOptions, ...names: readonly (keyof typeof settingsFor)[]): void {
  const given = names.find((name) => options[name] !== undefined);
  if (given === undefined) return;
  throw new DataError(
    "unsupported",
    `${source} is no ${settingsFor[given]}, which ${given} is for: leave it out`,
  );
}

const settingsFor = { imageSize: "folder of image files", textColumn: "Parquet" } as const;

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
  sha256: sha256(text),
  split: "the last tenth of the text is validated on, the rest is trained on",
});
