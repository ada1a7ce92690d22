import { createHash } from "node:crypto";
import { readdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { didYouMean } from "steepest";
import { DataError } from "../data/dataError.ts";
import type { LoadedData, LoadedImages, LoadedText } from "../data/loadedData.ts";
import { isCifarFolder, isIdxFolder, readCifarFolder, readIdxFolder } from "./imageFolder.ts";
import { listFiles } from "./listFiles.ts";
import { mobyDick } from "./mobyDick.ts";
import { dataFolders, type NamedData, namedData } from "./namedData.ts";
import { readTextFile } from "./readTextFile.ts";
import { readTextFiles } from "./readTextFiles.ts";

/** The name of the text that comes with this package. */
const defaultText = "moby-dick";

/** What `loadData` knows by name. */
export const dataNames: readonly string[] = [defaultText, ...Object.keys(namedData)];

/**
 * A data set by name (`dataNames`) or path. What a path holds is told by its content:
 *
 * - a text file, or a folder of them (with the folders below it, by path, joined by an empty line): `text`
 * - a folder with `train-images-idx3-ubyte` …, gzip or not, or with CIFAR-10's `data_batch_1.bin` …: `images`
 *
 * A name is looked for in `$STEEPEST_DATA`, `./data` and `~/.local/share/steepest`, and where Debian's packages
 * put it. Throws `DataError` for what is missing (with the places looked at and how to get it) or damaged.
 */
export async function loadData(nameOrPath: string): Promise<LoadedData> {
  if (nameOrPath === defaultText) return loadedText("the default text (Moby-Dick)", mobyDick());
  const known = Object.entries<NamedData>(namedData).find(([name]) => name === nameOrPath);
  if (known !== undefined) return loadNamed(...known);

  const found = await stat(nameOrPath).catch(() => undefined);
  if (found === undefined) {
    throw new DataError(
      "missing",
      `there is no file or folder ${nameOrPath}${didYouMean(nameOrPath, dataNames)}: ` +
        `give a path, or one of ${dataNames.join(", ")}`,
    );
  }
  if (!found.isDirectory()) return loadedText(nameOrPath, await readTextFile(nameOrPath));

  const paths = await listFiles(nameOrPath);
  const names = paths.map((path) => basename(path));
  if (isCifarFolder(names)) return readCifarFolder(nameOrPath, names);
  if (isIdxFolder(names)) return readIdxFolder(nameOrPath, names);
  return loadedText(nameOrPath, await readTextFiles(nameOrPath, paths));
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

const loadedText = (source: string, text: string): LoadedText => ({
  kind: "text",
  text,
  source,
  sha256: createHash("sha256").update(text).digest("hex"),
});
