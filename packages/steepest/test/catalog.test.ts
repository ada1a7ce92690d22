import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import * as steepest from "steepest";
import { catalog, type NamedOptimizer, optimizerNames } from "steepest";
import { expect, test } from "vitest";

const folder = fileURLToPath(new URL("../src/optimizers/", import.meta.url));
const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) =>
  file.endsWith(".ts"),
);

const camelCase = (name: string): string => name.replace(/_([a-z0-9])/g, (_, letter) => letter.toUpperCase());
const isOptimizer = (value: unknown): value is NamedOptimizer =>
  typeof value === "function" && "definition" in value;
const exportsOf = async (file: string): Promise<Record<string, unknown>> =>
  import(/* @vite-ignore */ pathToFileURL(folder + file).href);

test.each(optimizerNames())("%s is what a file of its name exports, and nothing else", async (name) => {
  const own = camelCase(name);
  const homes = files.filter((file) => basename(file) === `${own}.ts`);
  expect(homes).toHaveLength(1);
  const exported = await exportsOf(homes[0] ?? "");
  expect(Object.keys(exported)).toEqual([own]);
  expect(exported[own]).toBe(catalog[name]);
  expect(catalog[name].definition.name).toBe(name);
});

test("the optimizers that the library exports are those of the catalogue", () => {
  const exported = Object.fromEntries(Object.entries(steepest).filter(([, value]) => isOptimizer(value)));
  const listed = Object.entries(catalog).map(([name, optimizer]) => [camelCase(name), optimizer]);
  expect(exported).toEqual(Object.fromEntries(listed));
});

test("no optimizer is missing in the catalogue", async () => {
  const known = new Set<unknown>(Object.values(catalog));
  for (const file of files) {
    const found = Object.entries(await exportsOf(file)).filter(([, value]) => isOptimizer(value));
    for (const [own, optimizer] of found) expect(known.has(optimizer), `${own} of ${file}`).toBe(true);
  }
});

/** Rooms whose docstrings are still to be written. */
const undocumented = ["mano", "muon", "nuclear", "scion", "sphere"];
const homeOf = (name: string): string =>
  files.find((file) => basename(file) === `${camelCase(name)}.ts`) ?? "missing";
const documented = optimizerNames().filter(
  (name) => !undocumented.some((room) => homeOf(name).startsWith(`${room}/`)),
);

test.each(documented)("%s says in the editor what it is, with source and an example that runs", (name) => {
  const own = camelCase(name);
  const text = readFileSync(folder + homeOf(name), "utf8");
  const doc = new RegExp(`/\\*\\*((?:(?!\\*/)[^])*)\\*/\nexport const ${own} = `).exec(text)?.[1] ?? "";
  expect(doc).toMatch(/ {3}\S.* (?:←|=) /); // a formula
  const papers = catalog[name].definition.source.match(/arXiv:[\d.]*\d/g) ?? [];
  for (const paper of papers) expect(doc).toContain(paper);
  const example = /@example (.*)\n/.exec(doc)?.[1] ?? "";
  expect(example.startsWith(`${own}({ `)).toBe(true);
  const build = new Function(own, `return ${example}`) as (optimizer: unknown) => { readonly name: string };
  expect(build(catalog[name]).name).toBe(name);
});
