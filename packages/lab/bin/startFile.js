import { existsSync, readdirSync, statSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));

/** What decides how the sources are compiled, from the root of the workspace. */
const settings = ["tsconfig.json", "package-lock.json", "packages/lab/bin/compileSources.js"];
const folders = [
  "packages/steepest",
  "packages/kernels",
  "packages/onnx",
  "packages/models",
  "packages/lab",
  "bench",
];

/**
 * The URL of the module that runs the command. A published package has no sources and runs what was built. In a
 * checkout the sources are compiled once and kept until one of them changes; where that cannot be (a read-only folder,
 * a full disk, no compiler), they run through a transpiler, slower.
 */
export async function startFile(cache = at("../node_modules/.cache/steepest")) {
  if (!existsSync(at("../src/start.ts"))) {
    await import("steepest/node"); // before jax-js, which file by file any command loads: later it sees no threads
    return new URL("../dist/start.js", import.meta.url).href;
  }
  const folder = `${cache}/${stateOfSources()}`;
  const file = pathToFileURL(`${folder}/start.js`).href;
  if (existsSync(folder)) return file;
  try {
    const { compileSources } = await import("./compileSources.js");
    await compileSources(at("../../../"), folder);
    return file;
  } catch {
    const { register } = await import("tsx/esm/api");
    register({ tsconfig: at("../../../tsconfig.json") }); // which maps package names to sources
    await import("steepest/node");
    return new URL("../src/start.ts", import.meta.url).href;
  }
}

/** A name that changes with any source: FNV-1a over paths, sizes and times of change. */
function stateOfSources() {
  const root = at("../../../");
  const files = folders.flatMap((folder) => [
    `${folder}/package.json`,
    ...readdirSync(`${root}${folder}/src`, { recursive: true }).map((file) => `${folder}/src/${file}`),
  ]);
  let [low, high] = [0x811c9dc5, 0xc9dc5118];
  for (const file of [...settings, ...files]) {
    const { size, mtimeMs } = statSync(root + file, { throwIfNoEntry: false }) ?? { size: -1, mtimeMs: 0 };
    for (const letter of `${file} ${size} ${mtimeMs}\n`) {
      const code = letter.charCodeAt(0);
      low = Math.imul(low ^ code, 0x01000193) >>> 0;
      high = Math.imul(high ^ code ^ (low >>> 7), 0x01000193) >>> 0;
    }
  }
  return `${high.toString(16)}${low.toString(16)}`;
}
