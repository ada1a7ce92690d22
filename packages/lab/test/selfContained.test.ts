import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** Files below a folder whose names end so, without what is installed, built or run. */
function filesBelow(folder: string, ending: RegExp): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory())
      return /^(node_modules|dist|runs)$/.test(entry.name) ? [] : filesBelow(path, ending);
    return ending.test(entry.name) ? [path] : [];
  });
}

test("no relative path in a source file leads out of the repository", () => {
  const outside: string[] = [];
  for (const folder of ["packages", "bench", "test-support", ".ci"]) {
    for (const file of filesBelow(join(root, folder), /\.(ts|js|mjs|py|sh|json)$/)) {
      for (const [path] of readFileSync(file, "utf8").matchAll(/(?<![\w./])(\.\.\/)+[\w.-]*/g)) {
        const from = file.startsWith(join(root, ".ci")) ? root : dirname(file);
        if (relative(root, resolve(from, path)).startsWith(".."))
          outside.push(`${relative(root, file)}: ${path}`);
      }
    }
  }
  expect(outside).toEqual([]);
});

test("links in the pages lead to files that are there", () => {
  const below = ["docs", "packages"].flatMap((folder) => filesBelow(join(root, folder), /\.md$/));
  const pages = [
    ...readdirSync(root)
      .filter((name) => name.endsWith(".md"))
      .map((name) => join(root, name)),
    ...below,
  ];
  const broken: string[] = [];
  for (const page of pages) {
    for (const [, link = ""] of readFileSync(page, "utf8").matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)) {
      if (/^[a-z]+:/.test(link)) continue;
      if (!existsSync(resolve(dirname(page), link))) broken.push(`${relative(root, page)}: ${link}`);
    }
  }
  expect(broken).toEqual([]);
});
