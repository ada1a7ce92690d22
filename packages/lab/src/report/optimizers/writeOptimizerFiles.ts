/**
 * Writes docs/optimizers and the table of families of README.md from the catalogue, the table of docs/norms.md and
 * docs/methods-and-norms.md from the norms: `npm run docs`.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { methodsPage } from "../norms/methodsPage.ts";
import { withNormTable } from "../norms/normTable.ts";
import { withFamilyTable } from "./familyTable.ts";
import { optimizerFiles } from "./optimizerFiles.ts";

const docs = fileURLToPath(new URL("../../../../../docs/", import.meta.url));
const folder = `${docs}optimizers/`;
mkdirSync(folder, { recursive: true });
const files = optimizerFiles();
for (const stale of readdirSync(folder).filter((name) => !files.has(name))) rmSync(folder + stale);
for (const [name, text] of files) writeFileSync(folder + name, text);

const readme = `${docs}../README.md`;
writeFileSync(readme, withFamilyTable(readFileSync(readme, "utf8")));
const norms = `${docs}norms.md`;
writeFileSync(norms, withNormTable(readFileSync(norms, "utf8")));
writeFileSync(`${docs}methods-and-norms.md`, methodsPage());
