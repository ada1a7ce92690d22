import { createHash } from "node:crypto";
import { basename } from "node:path";
import { DataError } from "../dataError.ts";
import { howToGet, type NamedImages } from "./namedData.ts";

/**
 * Throws `DataError` where the content of a file (unpacked) is not what was published under the name of its set, so that
 * no flipped pixel or label passes. The message names the file and says how to get it again.
 */
export function expectPublished(path: string, content: Uint8Array, name: string, set: NamedImages): void {
  const published = set.files.find((file) => file.name.test(basename(path)));
  if (published === undefined) return;
  const { algorithm, digest } = published;
  const found = createHash(algorithm).update(content).digest("hex");
  if (found === digest) return;
  throw new DataError(
    "damaged",
    `${path} is not that file of ${name} as it was published (${algorithm} of its content ${found}, expected ${digest}). ` +
      `To get it again: ${howToGet(name, set)}. A set of your own is given by its path, not as ${name}`,
  );
}
