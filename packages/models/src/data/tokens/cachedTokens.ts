import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder } from "../../files/cacheFolder.ts";
import { sha256 } from "../../files/sha256.ts";
import { writeBeside } from "../../files/writeBeside.ts";
import type { TokenFile } from "./fileTokens.ts";

/**
 * A file of tokens made here: 16 little-endian int32 (magic, version, bytes per token, number of tokens as low and
 * high word, three zeros, the SHA-256 of what follows), then the tokens. Wider ids and more tokens than a
 * shard of the nanoGPT speedrun can have.
 */
const headerBytes = 64;
const magic = 0x4b545453; // "STTK"
const version = 1;
const flushTokens = 1 << 19;

/**
 * Tokens on disk, from the cache where they are there and whole, else from `make`, which is called once and gives
 * them in pieces. `key` says all that decides the tokens: the checksums of text and tokenizer.
 *
 * Throws what `make` throws, and what Node throws when the cache cannot be written.
 */
export async function cachedTokens(
  key: readonly string[],
  vocabSize: number,
  make: () => AsyncIterable<ArrayLike<number>>,
): Promise<TokenFile> {
  const name = sha256(JSON.stringify(key));
  const path = join(cacheFolder(), "tokens", `${name}.tokens`);
  const width = vocabSize <= 2 ** 16 ? 2 : 4;
  const there = await openTokens(path, width);
  if (there !== undefined) return there;
  await writeBeside(path, (file) => writeTokens(file, width, make()));
  const made = await openTokens(path, width);
  if (made === undefined) throw new Error(`${path} was damaged as soon as it was written: is the disk full?`);
  return made;
}

async function writeTokens(
  file: FileHandle,
  width: 2 | 4,
  pieces: AsyncIterable<ArrayLike<number>>,
): Promise<void> {
  const hash = createHash("sha256");
  const buffer = width === 2 ? new Uint16Array(flushTokens) : new Int32Array(flushTokens);
  let [count, filled] = [0, 0];
  const flush = async (): Promise<void> => {
    const bytes = new Uint8Array(buffer.buffer, 0, filled * width);
    hash.update(bytes);
    await file.write(bytes, 0, bytes.length, headerBytes + count * width);
    count += filled;
    filled = 0;
  };
  for await (const piece of pieces) {
    for (let i = 0; i < piece.length; i++) {
      if (filled === flushTokens) await flush();
      buffer[filled++] = piece[i] ?? 0;
    }
  }
  await flush();
  const header = new Int32Array(headerBytes / 4);
  header.set([magic, version, width, count | 0, Math.floor(count / 2 ** 32)]);
  new Uint8Array(header.buffer).set(hash.digest(), 32);
  await file.write(header, 0, headerBytes, 0);
}

/** The file's tokens, or nothing where it is missing or not as it was written. */
async function openTokens(path: string, width: 2 | 4): Promise<TokenFile | undefined> {
  const header = new Int32Array(headerBytes / 4);
  let size = 0;
  try {
    const file = await open(path, "r");
    try {
      size = (await file.stat()).size;
      await file.read(header, 0, headerBytes, 0);
    } finally {
      await file.close();
    }
  } catch {
    return undefined;
  }
  const [itsMagic, itsVersion, itsWidth, low = 0, high = 0] = header;
  const count = (low >>> 0) + high * 2 ** 32;
  if (itsMagic !== magic || itsVersion !== version || itsWidth !== width) return undefined;
  if (size !== headerBytes + count * width) return undefined;
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path, { start: headerBytes, highWaterMark: 1 << 20 })) {
    hash.update(chunk);
  }
  const written = Buffer.from(header.buffer, 32, 32);
  return hash.digest().equals(written) ? { path, offset: headerBytes, count, width } : undefined;
}
