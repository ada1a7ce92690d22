import { readSmallFile } from "./regularFile.ts";

/** The objects of a file with one on each line, the last `most` of them; damaged lines are left out. */
export function jsonLines(path: string, mostBytes: number, most: number): object[] {
  const lines = (readSmallFile(path, mostBytes) ?? "").split("\n").slice(-most - 1);
  return lines.flatMap((line) => {
    try {
      const value: unknown = JSON.parse(line);
      return typeof value === "object" && value !== null ? [value] : [];
    } catch {
      return [];
    }
  });
}
