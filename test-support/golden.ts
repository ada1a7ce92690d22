import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";

const folder = fileURLToPath(new URL("../packages/lab/golden/", import.meta.url));

/** The names of the stored golden files, in the order of the alphabet. */
export const goldenNames: readonly string[] = readdirSync(folder)
  .filter((name) => name.endsWith(".json.gz"))
  .map((name) => name.replace(".json.gz", ""))
  .sort();

/** What a golden file holds; the caller says of what shape it is. */
export const goldenJson = <T>(name: string): T =>
  JSON.parse(gunzipSync(readFileSync(`${folder}${name}.json.gz`)).toString("utf8")) as T;
