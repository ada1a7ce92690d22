import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder } from "../../files/cacheFolder.ts";
import { sha256 } from "../../files/sha256.ts";
import { writeBeside } from "../../files/writeBeside.ts";

/**
 * The distinct characters of a corpus in ascending order, from the cache folder where they are there and whole, else
 * from `texts`, which is read through once. `key` says all that decides them: how texts are got and the files' checksums.
 */
export async function knownCharacters(
  key: readonly string[],
  texts: () => AsyncIterable<string>,
): Promise<string> {
  const path = join(cacheFolder(), "characters", `${sha256(JSON.stringify(key))}.json`);
  const known = parse(await readFile(path, "utf8").catch(() => ""));
  if (known !== undefined) return known;
  const found = new Set<string>();
  for await (const text of texts()) for (const character of text) found.add(character);
  const characters = [...found].sort((a, b) => (a.codePointAt(0) ?? 0) - (b.codePointAt(0) ?? 0)).join("");
  const content = JSON.stringify({ characters, sha256: sha256(characters) });
  // A cache that cannot be written costs time, nothing else.
  await writeBeside(path, (file) => file.writeFile(content)).catch(() => undefined);
  return characters;
}

function parse(text: string): string | undefined {
  try {
    const { characters, sha256: digest }: Partial<Record<"characters" | "sha256", unknown>> =
      JSON.parse(text);
    return typeof characters === "string" && sha256(characters) === digest ? characters : undefined;
  } catch {
    return undefined; // not there, or damaged: it is made again
  }
}
