#!/usr/bin/env node
// In the workspace the sources run as they are; a published package has no src and runs what was built.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));

if (existsSync(at("../src/start.ts"))) {
  const { register } = await import("tsx/esm/api");
  register({ tsconfig: at("../../../tsconfig.json") }); // which maps package names to sources
  await import("../src/start.ts");
} else {
  await import("../dist/start.js");
}
