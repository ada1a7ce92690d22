import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { resolveImport } from "../src/web/importMap.ts";
import { mappedModule } from "../src/web/mappedModules.ts";

const map = {
  imports: {
    lib: "https://page/lib/index.js",
    "lib/part": "https://page/lib/part.js",
    "deep/": "https://page/deep/",
  },
};

describe("names of an import map", () => {
  test.each([
    ["lib", "https://page/lib/index.js"],
    ["lib/part", "https://page/lib/part.js"],
    ["deep/a/b.js", "https://page/deep/a/b.js"],
    ["./a.js", "https://page/src/a.js"],
    ["../a.js", "https://page/a.js"],
    ["/a.js", "https://page/a.js"],
    ["https://other/a.js", "https://other/a.js"],
    ["unknown", undefined],
    ["lib/other", undefined],
  ])("%s", (name, to) => {
    expect(resolveImport(name, "https://page/src/worker.js", map)).toBe(to);
  });
});

describe("modules with addresses in the place of names", () => {
  const made: string[] = [];
  let files: Record<string, string> = {};
  const textOf = async (address: string): Promise<string> =>
    made[Number(address.replace("blob:", ""))] ?? address;

  beforeEach(() => {
    made.length = 0;
    vi.stubGlobal(
      "fetch",
      async (url: string) => new Response(files[url] ?? "", { status: url in files ? 200 : 404 }),
    );
    vi.stubGlobal(
      "Blob",
      class {
        readonly parts: readonly string[];
        constructor(parts: readonly string[]) {
          this.parts = parts;
        }
      },
    );
    vi.spyOn(URL, "createObjectURL").mockImplementation((blob) => {
      made.push((blob as unknown as { parts: readonly string[] }).parts.join(""));
      return `blob:${made.length - 1}`;
    });
  });
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });

  test("all ways to import are replaced, in what is imported, too; each module exists once", async () => {
    files = {
      "https://page/worker.js":
        'import { a } from "lib";\nimport "./side.js";\nexport { b } from "./both.js"; const later = () => import("lib/part");\n' +
        "console.log(import.meta.url, 'from lib');",
      "https://page/lib/index.js": 'import{c}from"./inner.js";export const a = c;',
      "https://page/lib/inner.js": "export const c = 1;",
      "https://page/lib/part.js": "export const d = 1;",
      "https://page/side.js": "globalThis.side = 1;",
      "https://page/both.js":
        "import {\n  a,\n} from 'lib';\nimport e from './uses.js';\nexport const b = [a, e];",
      "https://page/uses.js": 'import { a } from "lib";\nexport default a;',
    };
    const text = await textOf(await mappedModule("https://page/worker.js", map));
    expect(made.length).toBe(3); // worker, both, uses: the library itself imports by addresses alone
    expect(text).toContain('import { a } from "https://page/lib/index.js"');
    expect(text).toContain('import "https://page/side.js"');
    expect(text).toContain('import("https://page/lib/part.js")');
    expect(text).toContain("console.log(\"https://page/worker.js\", 'from lib')");
    const both = await textOf(/export \{ b \} from "(blob:\d)"/.exec(text)?.[1] ?? "");
    expect(both).toContain('} from "https://page/lib/index.js"');
    expect(both).toMatch(/import e from "blob:\d"/);
  });

  test("a module that knows no names of the map stays as it is", async () => {
    files = { "https://page/worker.js": 'import "./side.js";', "https://page/side.js": "" };
    expect(await mappedModule("https://page/worker.js", map)).toBe("https://page/worker.js");
  });

  test("what is missing is named: a module, a name; one that may never be asked for is left", async () => {
    files = { "https://page/worker.js": 'import "./none.js";' };
    await expect(mappedModule("https://page/worker.js", map)).rejects.toThrow(
      "https://page/none.js cannot be loaded: status 404",
    );
    files = { "https://page/worker.js": 'import x from "libs";' };
    await expect(mappedModule("https://page/worker.js", map)).rejects.toThrow(
      'https://page/worker.js imports "libs", which the import map does not have',
    );
    files = { "https://page/worker.js": 'if (globalThis.node) await import("node:fs");' };
    expect(await mappedModule("https://page/worker.js", map)).toBe("https://page/worker.js");
  });

  test("modules in a circle are named", async () => {
    files = {
      "https://page/a.js": 'import "lib"; import "./b.js";',
      "https://page/b.js": 'import "./a.js";',
      "https://page/lib/index.js": "",
    };
    await expect(mappedModule("https://page/a.js", map)).rejects.toThrow(
      "in a circle: https://page/a.js -> https://page/b.js -> https://page/a.js",
    );
  });
});
