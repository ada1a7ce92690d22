import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const source = fileURLToPath(new URL("../src", import.meta.url));

/** From the ground up: a file imports from its own room and the rooms before it. */
const rooms = [
  "model",
  "random",
  "data",
  "files",
  "data/text",
  "data/tokenizerJson",
  "data/tokenizers",
  "data/tokens",
  "data/parquet",
  "data/images",
  "data/named",
  "layers",
  "language",
  "image",
  "problems",
  "checkpoint",
  ".",
];

const files = readdirSync(source, { recursive: true, encoding: "utf8" })
  .map((file) => file.replaceAll("\\", "/"))
  .filter((file) => file.endsWith(".ts"));

/** What a file imports or exports on, without types, which leave no trace. */
function importsOf(file: string, { types = false } = {}): string[] {
  const text = readFileSync(join(source, file), "utf8");
  const found = text.matchAll(/^(?:import|export) (type )?(?:[^;"]*? from )?"([^"]+)";/gm);
  const dynamic = [...text.matchAll(/\bimport\("([^"]+)"\)/g)].map(([, name]) => name ?? "");
  const named = [...found].flatMap(([statement, type, name]) => {
    const names = /\{([^}]*)\}/
      .exec(statement)?.[1]
      ?.split(",")
      .filter((each) => each.trim() !== "");
    const onlyTypes = type !== undefined || names?.every((each) => each.trim().startsWith("type "));
    return onlyTypes && !types ? [] : [name ?? ""];
  });
  return [...named, ...dynamic];
}

const inside = (file: string, names: readonly string[]): string[] =>
  names
    .filter((name) => name.startsWith("."))
    .map((name) => normalize(join(dirname(file), name)).replaceAll("\\", "/"));

const reachable = (first: string): Set<string> => {
  const seen = new Set<string>();
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const next of inside(file, importsOf(file))) visit(next);
  };
  visit(first);
  return seen;
};

test("every folder is a room, and imports only run down", () => {
  expect([...new Set(files.map((file) => dirname(file)))].sort()).toEqual([...rooms].sort());
  const upwards = files.flatMap((file) =>
    inside(file, importsOf(file, { types: true }))
      .filter((other) => rooms.indexOf(dirname(other)) > rooms.indexOf(dirname(file)))
      .map((other) => `${file} -> ${other}`),
  );
  expect(upwards).toEqual([]);
});

test("no file leads back to itself, not even by a type", () => {
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (file: string, way: readonly string[]): void => {
    if (way.includes(file)) circles.push([...way.slice(way.indexOf(file)), file].join(" -> "));
    if (way.includes(file) || done.has(file)) return;
    for (const next of inside(file, importsOf(file, { types: true }))) visit(next, [...way, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
  expect(circles).toEqual([]);
});

test("index.ts reaches no module of Node, nor a package that needs one; node.ts does", () => {
  const needsNode = (first: string): string[] =>
    [...reachable(first)].flatMap((file) =>
      importsOf(file)
        .filter((name) => /^(node:|sharp$|hyparquet|zstddec|@stdlib\/)/.test(name))
        .map((name) => `${file}: ${name}`),
    );
  expect(needsNode("index.ts")).toEqual([]);
  expect(needsNode("node.ts")).not.toEqual([]);
});

test("a file is named after a thing that it exports", () => {
  const misnamed = files.filter((file) => {
    const name = basename(file, ".ts");
    const exported = [
      ...readFileSync(join(source, file), "utf8").matchAll(
        /^export (?:async )?(?:declare )?(?:abstract )?(?:function\*?|const|class|interface|type) (\w+)/gm,
      ),
    ].map(([, each]) => each?.toLowerCase());
    return !["index", "node"].includes(name) && !exported.includes(name.toLowerCase());
  });
  expect(misnamed).toEqual([]);
});
