import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/**
 * What the app and the docs are made of, from the folder of the window. The sources of this package are left out, so that a change of
 * the command alone builds nothing: its part of the API follows with the next build.
 */
const sources = [
  "src",
  "site",
  "public",
  "index.html",
  "docs.html",
  "vite.config.ts",
  "../steepest/src",
  "../models/src",
  "../kernels/src",
  "../onnx/src",
  "../../docs",
  ...["", "vite/", "import-map/", "node/"].map((name) => `../../examples/${name}README.md`),
  "../../README.md",
  "../../CONTRIBUTING.md",
  "../../CHANGELOG.md",
  ...["steepest", "models", "kernels", "onnx", "lab", "window"].map((name) => `../${name}/README.md`),
  "../../package-lock.json",
];
/** Built states that are kept: an older checkout may be looked at again. */
const KEPT = 3;

/**
 * The folder with the built app. The published package has it; in a checkout it is built when its sources have changed, which
 * `say` tells, and kept.
 */
export async function appFolder(say: (line: string) => void): Promise<string> {
  const window = dirname(createRequire(import.meta.url).resolve("@steepest/window/package.json"));
  if (!existsSync(join(window, "src"))) return join(window, "dist");
  const folder = join(window, "node_modules/.cache/app", stateOf(window));
  if (existsSync(folder)) return folder;
  say("building the pages: they have changed since the last time (some seconds) …");
  const { build } = await import("vite");
  const beside = `${folder}.${process.pid}.tmp`;
  try {
    await build({
      configFile: join(window, "vite.config.ts"),
      build: { outDir: beside, emptyOutDir: true },
    });
    mkdirSync(dirname(folder), { recursive: true });
    renameSync(beside, folder);
  } catch (error) {
    rmSync(beside, { recursive: true, force: true });
    if (!existsSync(folder)) throw error; // else another process was faster
  }
  removeOld(dirname(folder));
  return folder;
}

/** A name that changes with any source. */
function stateOf(window: string): string {
  const hash = createHash("sha256");
  for (const source of sources) {
    const path = join(window, source);
    const folder = statSync(path).isDirectory();
    const files = folder ? readdirSync(path, { recursive: true, encoding: "utf8" }).sort() : [""];
    for (const file of files) {
      const { size, mtimeMs } = statSync(join(path, file));
      hash.update(`${source}/${file} ${size} ${mtimeMs}\n`);
    }
  }
  return hash.digest("hex").slice(0, 16);
}

function removeOld(parent: string): void {
  try {
    const states = readdirSync(parent).map((name) => join(parent, name));
    const changed = new Map(states.map((path) => [path, statSync(path).mtimeMs]));
    const old = states.sort((a, b) => (changed.get(b) ?? 0) - (changed.get(a) ?? 0)).slice(KEPT);
    for (const path of old) rmSync(path, { recursive: true, force: true });
  } catch {} // another process removes the same
}
