import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileError } from "./fileError.ts";

/**
 * Paths of all files in a folder and the folders below it, in the order of their relative paths by code unit;
 * hidden ones (with a leading dot) left out. Links to files are followed (the download cache of Hugging Face is made of
 * them), links to folders are not, so that there is no circle. Throws `DataError` for what is no readable folder.
 */
export async function listFiles(folder: string): Promise<string[]> {
  const names = await relativeFiles(folder, "").catch((error: unknown) => {
    throw fileError(error, folder, "a folder");
  });
  return names.sort().map((name) => join(folder, name));
}

async function relativeFiles(folder: string, below: string): Promise<string[]> {
  const entries = await readdir(join(folder, below), { withFileTypes: true });
  const shown = entries.filter(({ name }) => !name.startsWith("."));
  const folders = shown.filter((entry) => entry.isDirectory());
  const links = shown.filter((entry) => entry.isSymbolicLink()).map(({ name }) => join(below, name));
  const linked = await Promise.all(
    links.map(async (name) =>
      (await stat(join(folder, name)).catch(() => undefined))?.isFile() ? [name] : [],
    ),
  );
  return [
    ...shown.filter((entry) => entry.isFile()).map(({ name }) => join(below, name)),
    ...linked.flat(),
    ...(await Promise.all(folders.map(({ name }) => relativeFiles(folder, join(below, name))))).flat(),
  ];
}
