import { createHash } from "node:crypto";
import { type FileHandle, open, readFile, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder } from "./cacheFolder.ts";
import { fileError } from "./fileError.ts";
import { sha256 } from "./sha256.ts";
import { writeBeside } from "./writeBeside.ts";

export interface FileDigest {
  /** Of the whole file, in hexadecimal. */
  readonly sha256: string;
  /** The largest of the little-endian uint16 and of the uint32 from byte 1024 on: the largest token, in a token shard. */
  readonly largestUint16: number;
  readonly largestUint32: number;
  /** The largest of the uint16 before: a token, in a file without a header. */
  readonly largestAtStart: number;
}

const chunkBytes = 1 << 20;
const shardHeaderBytes = 1024;

/**
 * The checksum of a file of any size. It is remembered by path, size and time of modification, so that a file of
 * many gigabytes is read through only once. Throws `DataError` when it cannot be read.
 */
export async function fileDigest(path: string): Promise<FileDigest> {
  try {
    const { size, mtimeMs } = await stat(path);
    const key = sha256(JSON.stringify([await realpath(path), size, mtimeMs]));
    const remembered = join(cacheFolder(), "digests", `${key}.json`);
    const known = parseDigest(await readFile(remembered, "utf8").catch(() => ""));
    if (known !== undefined) return known;
    const digest = await readThrough(path);
    // A cache that cannot be written costs time, nothing else.
    await writeBeside(remembered, (file) => file.writeFile(JSON.stringify(digest))).catch(() => undefined);
    return digest;
  } catch (error) {
    throw fileError(error, path, "a file");
  }
}

/** The checksum of several files: of their checksums, in the order given. */
export const joinDigests = (digests: readonly string[]): string => sha256(digests.join("\n"));

async function readThrough(path: string): Promise<FileDigest> {
  const hash = createHash("sha256");
  let [largestUint16, largestUint32, largestAtStart] = [0, 0, 0];
  const file = await open(path, "r");
  try {
    const chunk = new Uint8Array(chunkBytes);
    for (let position = 0; ; position += chunkBytes) {
      const filled = await fill(file, chunk, position);
      hash.update(chunk.subarray(0, filled));
      const from = Math.min(Math.max(shardHeaderBytes - position, 0), filled - (filled % 2));
      largestAtStart = Math.max(largestAtStart, largest(new Uint16Array(chunk.buffer, 0, from >> 1)));
      largestUint16 = Math.max(
        largestUint16,
        largest(new Uint16Array(chunk.buffer, from, (filled - from) >> 1)),
      );
      const aligned = from - (from % 4);
      largestUint32 = Math.max(
        largestUint32,
        largest(new Uint32Array(chunk.buffer, aligned, (filled - aligned) >> 2)),
      );
      if (filled < chunkBytes) {
        return { sha256: hash.digest("hex"), largestUint16, largestUint32, largestAtStart };
      }
    }
  } finally {
    await file.close();
  }
}

function largest(numbers: Uint16Array | Uint32Array): number {
  let most = 0;
  for (const number of numbers) if (number > most) most = number;
  return most;
}

/** Reads as much as there is; a single read may bring less. */
async function fill(file: FileHandle, chunk: Uint8Array, position: number): Promise<number> {
  let filled = 0;
  while (filled < chunk.length) {
    const { bytesRead } = await file.read(chunk, filled, chunk.length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return filled;
}

function parseDigest(text: string): FileDigest | undefined {
  try {
    const found: Partial<Record<keyof FileDigest, unknown>> = JSON.parse(text);
    const { sha256: digest, largestUint16, largestUint32, largestAtStart } = found;
    if (typeof digest !== "string" || !/^[0-9a-f]{64}$/.test(digest)) return undefined;
    if (typeof largestUint16 !== "number" || typeof largestUint32 !== "number") return undefined;
    if (typeof largestAtStart !== "number") return undefined; // of an earlier version
    return { sha256: digest, largestUint16, largestUint32, largestAtStart };
  } catch {
    return undefined; // not there, or damaged: it is made again
  }
}
