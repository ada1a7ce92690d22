import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** A file of a package's sources and the files of the same package it imports, types included; paths from `src`. */
export type SourceGraph = ReadonlyMap<string, readonly string[]>;

/** Who imports whom inside `folder`/src. Re-exports and dynamic imports count, too. */
export function sourceGraph(folder: string): SourceGraph {
  const src = join(root, folder, "src");
  const files = readdirSync(src, { recursive: true, encoding: "utf8" })
    .map((file) => file.replaceAll("\\", "/"))
    .filter((file) => /\.tsx?$/.test(file));
  return new Map(
    files.map((file) => {
      const text = readFileSync(join(src, file), "utf8").replaceAll(/^\s*\*.*$/gm, "");
      const specifiers = [...text.matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)];
      const targets = specifiers.map(([, path = ""]) =>
        normalize(join(dirname(file), path)).replaceAll("\\", "/"),
      );
      return [file, [...new Set(targets)].filter((target) => files.includes(target))];
    }),
  );
}

/** The room of a file: its first folder, or its own name where it stands at the top. */
export const roomOf = (file: string): string => file.split("/")[0]?.replace(/\.tsx?$/, "") ?? file;

/** Circles of imports, each as the files it goes through. */
export function circles(graph: SourceGraph): string[][] {
  const found: string[][] = [];
  const done = new Set<string>();
  const visit = (file: string, way: readonly string[]): void => {
    const at = way.indexOf(file);
    if (at >= 0) found.push([...way.slice(at), file]);
    if (at >= 0 || done.has(file)) return;
    for (const next of graph.get(file) ?? []) visit(next, [...way, file]);
    done.add(file);
  };
  for (const file of graph.keys()) visit(file, []);
  return found;
}
