import { open } from "node:fs/promises";
import { basename } from "node:path";
import { fileError } from "../../files/fileError.ts";
import { DataError } from "../dataError.ts";
import type { TokenFile } from "./fileTokens.ts";

const headerBytes = 256 * 4;

/** What a token shard says of itself. */
export interface Shard extends TokenFile {
  /** Of the tokenizer that such shards are usually made with. */
  readonly usualVocabSize: number;
}

/** Of llm.c: magic, version, bytes per token. Version 1 is GPT-2's tokens, version 7 LLaMA 3's. */
const layouts = [
  { magic: 20240520, version: 1, width: 2, usualVocabSize: 50257 },
  { magic: 20240801, version: 7, width: 4, usualVocabSize: 128256 },
] as const;

/**
 * Checks the header of a token shard: 256 little-endian int32 (magic, version, number of tokens, zeros), then that many
 * uint16 (magic 20240520, version 1) or uint32 (20240801, version 7). The layouts of llm.c and of the nanoGPT speedrun
 * (Karpathy; Jordan et al. 2024). `train.bin`, `val.bin` and `test.bin` without a header are nanoGPT's: uint16 from the
 * first byte on.
 *
 * Throws `DataError` for another magic or version, and for a count that is not the file's.
 */
export async function readShardHeader(path: string): Promise<Shard> {
  const header = new Int32Array(256);
  let size = 0;
  try {
    const file = await open(path, "r");
    try {
      size = (await file.stat()).size;
      await file.read(header, 0, headerBytes, 0);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw fileError(error, path, "a token shard");
  }
  const [magic, version, count = 0] = header;
  const known = layouts.find((layout) => layout.magic === magic);
  if (known === undefined && /^(train|val|test)\.bin$/.test(basename(path)) && size > 0 && size % 2 === 0) {
    return { path, offset: 0, count: size / 2, width: 2, usualVocabSize: 50257 };
  }
  if (size < headerBytes || known === undefined) {
    const magics = layouts.map((layout) => layout.magic).join(" or ");
    throw new DataError(
      "damaged",
      `${path} is no token shard: it should begin with 256 int32, the first of them ${magics} ` +
        "(tokens without a header, as nanoGPT writes them, are read from files called train.bin and val.bin)",
    );
  }
  if (version !== known.version) {
    const versions = layouts.map(
      (layout) => `${layout.version} (${layout.width === 2 ? "uint16" : "uint32"})`,
    );
    throw new DataError(
      "unsupported",
      `${path} is a token shard of version ${version}; get it in version ${versions.join(" or ")}`,
    );
  }
  const bytes = headerBytes + known.width * count;
  if (count < 1 || size !== bytes) {
    throw new DataError(
      "damaged",
      `${path} should hold ${count} tokens in ${bytes} bytes but has ${size}: get the file again`,
    );
  }
  const { width, usualVocabSize } = known;
  return { path, offset: headerBytes, count, width, usualVocabSize };
}
