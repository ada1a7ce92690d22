import { basename } from "node:path";
import { didYouMean } from "steepest";
import { DataError } from "../dataError.ts";
import { dataFolders, foldersOf, howToGet, type NamedData, namedData } from "./namedData.ts";

/** For a named set that is in none of its folders. */
export const missingSet = (name: string, about: NamedData): DataError =>
  new DataError(
    "missing",
    `${name} is not on this machine (looked in ${foldersOf(about).join(", ")}): ${howToGet(name, about)}. ` +
      "STEEPEST_DATA sets the folder that holds data sets",
  );

/** For a path that is not there: how to get the set it is called after, else what could be given. */
export function missingPath(path: string, names: readonly string[]): DataError {
  const called = basename(path).toLowerCase();
  const set = Object.entries(namedData).find(([name, { folderNames }]) =>
    [name, ...folderNames].some((each) => basename(each).toLowerCase() === called),
  );
  const advice =
    set === undefined
      ? `${didYouMean(path, names)}: give a path to text, token shards (.bin), Parquet or images (relative ones are ` +
        `looked for here and in ${dataFolders().join(", ")}; STEEPEST_DATA sets a folder too), or one of ${names.join(", ")}`
      : `. If ${set[0]} is meant: ${howToGet(...set)}`;
  return new DataError("missing", `there is no file or folder ${path}${advice}`);
}
