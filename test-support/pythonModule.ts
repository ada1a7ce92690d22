import { spawnSync } from "node:child_process";

import { skipUnless } from "./skipUnless.ts";

/** Debian's Python, where its packages are, not one of a version manager. */
export const PYTHON = "/usr/bin/python3";

const found = new Map<string, boolean>();

/** Whether Debian's Python has a module. */
export function hasPythonModule(name: string): boolean {
  const known = found.get(name) ?? spawnSync(PYTHON, ["-c", `import ${name}`]).status === 0;
  found.set(name, known);
  return known;
}

/** `skipUnless` Python has a module, which comes in Debian's package `python3-NAME`. */
export function skipWithoutPython(name: string, what: string): void {
  skipUnless(hasPythonModule(name), what, `apt-get install python3-${name}`);
}
