/** Adds golden files to packages/lab/golden: `npm run golden -- FILE.json…`; without files, brings SHA256SUMS up to date. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";

import { sha256 } from "@steepest/models/node";

import { parseGoldenFile } from "./goldenFile.ts";
import { CHECKSUMS, goldenFolder } from "./storedGolden.ts";

const ENDING = ".json.gz";
const folder = goldenFolder();

for (const file of process.argv.slice(2)) {
  const text = readFileSync(file);
  parseGoldenFile(text.toString("utf8"), file);
  writeFileSync(join(folder, `${basename(file, ".json")}${ENDING}`), compressed(text));
}

const names = readdirSync(folder).filter((name) => name.endsWith(ENDING));
const sums = names.sort().map((name) => {
  const text = gunzipSync(readFileSync(join(folder, name)));
  return `${sha256(text)}  ${basename(name, ".gz")}\n`;
});
writeFileSync(join(folder, CHECKSUMS), sums.join(""));

/** The text itself is kept, so that no number changes; without time or system in the header, so that no byte does. */
function compressed(text: Buffer): Buffer {
  const bytes = gzipSync(text, { level: 9 });
  bytes[9] = 255; // the header's system: unknown
  return bytes;
}
