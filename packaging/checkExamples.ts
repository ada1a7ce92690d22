import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

import { openInChromium } from "./openInChromium.ts";
import type { Tarball } from "./packAll.ts";
import { root } from "./packages.ts";
import { runCommand } from "./runCommand.ts";
import { serveFolder } from "./serveFolder.ts";

export interface ExampleCheck {
  readonly what: string;
  /** Returns what is to be said of it. Throws where it fails. */
  work(): string | Promise<string>;
}

/** Not one of the first steps, and a loss that an untrained model, at 2.8, does not have. */
const trained = /step (?:[2-9]\d|\d{3,}): loss [01]\.\d+/;
const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(0)} kB`;

/** Installs the packed packages into a copy of each of `examples/`, builds it, and runs it: pages in Chromium, where there is one. */
export function exampleChecks(tarballs: readonly Tarball[], folder: string): ExampleCheck[] {
  const at = (name: string): string => join(folder, `example ${name}`);
  const npm = (name: string, ...args: string[]): string => runCommand("npm", args, { cwd: at(name) });
  return [
    ...["vite", "import-map", "node"].map((name) => ({
      what: `examples/${name} installs`,
      work: () => install(name, at(name), tarballs),
    })),
    {
      what: "examples/vite builds",
      work() {
        npm("vite", "run", "build");
        const assets = join(at("vite"), "dist/assets");
        const sizes = readdirSync(assets)
          .filter((file) => file.endsWith(".js"))
          .map((file) => gzipSync(readFileSync(join(assets, file))).length);
        return `${kilobytes(sizes.reduce((a, b) => a + b, 0))} gzipped in ${sizes.length} files, with jax-js`;
      },
    },
    {
      what: "examples/vite trains in Chromium",
      work: () => inPage(join(at("vite"), "dist"), [["#said", trained]]),
    },
    {
      what: "examples/import-map trains in Chromium, in the page and in a worker",
      work: () =>
        inPage(at("import-map"), [
          ["#here", /step 50: loss 0\.0\d+; twice 1, 2, 3 is 2, 4, 6/],
          ["#worker", trained],
        ]),
    },
    {
      what: "examples/node builds, trains, and goes on",
      work() {
        npm("node", "run", "build");
        const run = (steps: string): string =>
          runCommand("node", ["dist/train.js", steps], { cwd: at("node") });
        const [first, again] = [run("50"), run("100")];
        if (!/step 50: loss/.test(first) || !/step 100: loss/.test(again) || /step 50:/.test(again))
          throw new Error(`it did not go on where it ended:\n${first}\n${again}`);
        return again.split("\n")[0] ?? "";
      },
    },
  ];
}

function install(name: string, folder: string, tarballs: readonly Tarball[]): string {
  cpSync(join(root, "examples", name), folder, {
    recursive: true,
    filter: (path) => !/[\\/](node_modules|dist)$/.test(path),
  });
  const file = join(folder, "package.json");
  const asked = JSON.parse(readFileSync(file, "utf8")) as { dependencies: Record<string, string> };
  const files = new Map(tarballs.map((tarball) => [tarball.name, `file:${tarball.file}`]));
  const dependencies = Object.fromEntries(
    Object.entries(asked.dependencies).map(([dependency, version]) => [
      dependency,
      files.get(dependency) ?? version,
    ]),
  );
  writeFileSync(file, JSON.stringify({ ...asked, dependencies }));
  // Vite, which measured bundles in this process, has set NODE_ENV to production: npm would leave out what builds.
  runCommand("npm", ["install", "--include=dev", "--ignore-scripts", "--no-audit", "--no-fund"], {
    cwd: folder,
  });
  return "";
}

async function inPage(
  folder: string,
  texts: readonly (readonly [selector: string, text: RegExp])[],
): Promise<string> {
  await using server = await serveFolder(folder);
  const seen = await openInChromium(server.address, texts);
  if (seen === undefined) return "skipped, there is no Chromium";
  return `${seen.texts.join("; ")}; ${server.requests()} requests, ${kilobytes(server.zippedBytes())} gzipped`;
}
