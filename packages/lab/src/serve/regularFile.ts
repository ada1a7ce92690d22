import { lstatSync, readFileSync, type Stats } from "node:fs";

/** What a file of a run folder is, where it is a file: links, pipes and folders of that name are taken for none. */
export function regularFile(path: string): Stats | undefined {
  try {
    const found = lstatSync(path);
    return found.isFile() ? found : undefined;
  } catch {
    return undefined; // gone, or not for us
  }
}

/** The text of a file of at most `most` bytes; undefined where it is none, or larger. */
export function readSmallFile(path: string, most: number): string | undefined {
  const found = regularFile(path);
  if (found === undefined || found.size > most) return undefined;
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

/** The value of a JSON file of at most `most` bytes; undefined where it cannot be read. */
export function readSmallJson(path: string, most: number): unknown {
  const text = readSmallFile(path, most);
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
