import { readdir, stat } from "node:fs/promises";
import { basename, dirname, isAbsolute, join } from "node:path";
import { listFiles } from "../../files/listFiles.ts";
import { notOrdinary } from "../../files/notOrdinary.ts";
import { isCifarFolder, readCifarFolder } from "../images/readCifarFolder.ts";
import { readIdxFolder } from "../images/readIdxFolder.ts";
import { isImageFolder, readImageFolder } from "../images/readImageFolder.ts";
import { mobyDick } from "../text/mobyDick.ts";
import { dataNames, defaultText } from "./dataNames.ts";
import { expectPublished } from "./expectPublished.ts";
import type { LoadedData } from "./loadedData.ts";
import { loadedText, loadFiles } from "./loadFiles.ts";
import { type LoadOptions, refuse } from "./loadOptions.ts";
import { missingPath, missingSet } from "./missingPath.ts";
import { dataFolders, foldersOf, type NamedData, namedData } from "./namedData.ts";

export type { LoadOptions } from "./loadOptions.ts";

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
