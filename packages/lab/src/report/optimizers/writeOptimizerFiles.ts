/** Writes docs/optimizers from the catalogue: `npm run docs`. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { optimizerFiles } from "./optimizerFiles.ts";

const folder = fileURLToPath(new URL("../../../../../docs/optimizers/", import.meta.url));
mkdirSync(folder, { recursive: true });
const files = optimizerFiles();
for (const stale of readdirSync(folder).filter((name) => !files.has(name))) rmSync(folder + stale);
for (const [name, text] of files) writeFileSync(folder + name, text);
