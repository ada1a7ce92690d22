import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Lists the stored files: the SHA-256 of the text of each, and its name before compression. */
export const CHECKSUMS = "SHA256SUMS";

/** The folder of the stored golden files, beside the sources and beside what is built from them. */
export function goldenFolder(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    if (existsSync(join(folder, "golden", CHECKSUMS))) return join(folder, "golden");
    if (folder === dirname(folder))
      throw new Error("the stored trajectories are missing: packages/lab/golden is part of the package");
  }
}

/** The names of the stored cases with their files, in the order of the alphabet. */
export function storedGolden(): Map<string, string> {
  const folder = goldenFolder();
  const lines = readFileSync(join(folder, CHECKSUMS), "utf8").trim().split("\n");
  return new Map(
    lines.map((line): [string, string] => {
      const name = line.replace(/^\S+ +/, "").replace(/\.json$/, "");
      return [name, join(folder, `${name}.json.gz`)];
    }),
  );
}
