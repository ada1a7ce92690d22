import { mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Compiled states of the sources that are kept: a run that is on its way may still load a part of an older one. */
const KEPT = 10;

/** Packages of the workspace, and the compiler's own helpers: they are compiled. All others stay where they are. */
const ours = /^(steepest|@steepest\/\w+|@oxc-project\/runtime)(\/|$)/;

/**
 * Compiles the command from the sources of the workspace at `root` into `folder`, which appears whole or not at all:
 * several processes may do it at once. `folder` must be below `root`, where the other packages are found.
 */
export async function compileSources(root, folder) {
  const { build } = await import("rolldown");
  const beside = `${folder}.${process.pid}-${Math.random().toString(36).slice(2)}.tmp`;
  try {
    const { output } = await build({
      cwd: root,
      input: "packages/lab/src/start.ts",
      tsconfig: join(root, "tsconfig.json"), // which maps package names to sources
      external: (name) => /^[a-z@]/.test(name) && !ours.test(name),
      platform: "node",
      logLevel: "silent",
      write: false, // a limit on the size of files is an error here, and would be a signal there
      output: { format: "esm", sourcemap: true },
    });
    mkdirSync(beside, { recursive: true });
    for (const file of output) writeFileSync(join(beside, file.fileName), file.code ?? file.source);
    renameSync(beside, folder);
  } catch (error) {
    rmSync(beside, { recursive: true, force: true });
    if (statSync(folder, { throwIfNoEntry: false }) === undefined) throw error; // else another process was faster
  }
  removeOld(dirname(folder));
}

function removeOld(parent) {
  try {
    const states = readdirSync(parent).map((name) => join(parent, name));
    const changed = new Map(states.map((path) => [path, statSync(path).mtimeMs]));
    const old = states.sort((a, b) => changed.get(b) - changed.get(a)).slice(KEPT);
    for (const path of old) rmSync(path, { recursive: true, force: true });
  } catch {} // another process removes the same
}
