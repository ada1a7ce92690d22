#!/usr/bin/env node
// In the workspace the sources run as they are; a published package has no src and runs what was built.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));

if (existsSync(at("../src/cli.ts"))) {
  const { register } = await import("tsx/esm/api");
  register({ tsconfig: at("../../../tsconfig.json") }); // which maps package names to sources
  const { run } = await import("../src/cli.ts");
  await run();
} else {
  const { run } = await import("../dist/cli.js");
  await run();
}
