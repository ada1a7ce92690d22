import { existsSync } from "node:fs";
import { basename, join, resolve } from "node:path";

const pages: readonly (readonly [file: string, page: string])[] = [
  ["config.json", "/run?run="],
  ["compare.json", "/compare?folder="],
  ["sweep.json", "/sweep?folder="],
];

/** The page to begin with: of a single run, comparison or sweep its own, else the table of runs. */
export function firstPage(folders: readonly string[]): string {
  const [only] = folders;
  if (only === undefined || folders.length > 1) return "/runs";
  const found = pages.find(([file]) => existsSync(join(only, file)));
  return found === undefined ? "/runs" : found[1] + encodeURIComponent(basename(resolve(only)));
}
