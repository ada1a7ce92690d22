import { existsSync } from "node:fs";
import { resolve } from "node:path";

/**
 * What a setting means that is a name or a path: a known name as it is, a path as an absolute one, from `folder`. A single
 * word that names no file there stays as it is: it may be found elsewhere (data in the data folders), and if not,
 * the message can say which name was meant.
 */
export function pathOrName(given: string, names: readonly string[], folder = "."): string {
  if (names.includes(given)) return given;
  const path = resolve(folder, given);
  return existsSync(path) || /[\\/]/.test(given) ? path : given;
}
