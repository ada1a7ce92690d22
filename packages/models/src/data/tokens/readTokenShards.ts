import { open } from "node:fs/promises";
import { fileDigest, joinDigests } from "../../files/fileDigest.ts";
import { fileError } from "../../files/fileError.ts";
import { DataError } from "../dataError.ts";
import { isValidationFile } from "../isValidationFile.ts";
import { mostValidationTokens, validationStart } from "../validationStart.ts";
import { fileTokens, type TokenFile } from "./fileTokens.ts";
import { joinTokens } from "./joinTokens.ts";
import type { LoadedTokens } from "./loadedTokens.ts";
import { tokenRange } from "./tokenSource.ts";

const headerBytes = 256 * 4;
const shardMagic = 20240520;
const shardVersion = 1;

/** GPT-2's, which the layout was made for. */
const usualVocabSize = 50257;

/**
 * Checks the header of a token shard: 256 little-endian int32 (magic 20240520, version 1, number of tokens, zeros),
 * then that many uint16. The layout of llm.c and of the nanoGPT speedrun (Karpathy; Jordan et al. 2024).
 *
 * Throws `DataError` for another magic or version, and for a count that is not the file's.
 */
export async function readShardHeader(path: string): Promise<TokenFile> {
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
  if (size < headerBytes || magic !== shardMagic) {
    throw new DataError(
      "damaged",
      `${path} is no token shard: it should begin with 256 int32, the first of them ${shardMagic}`,
    );
  }
  if (version !== shardVersion) {
    throw new DataError(
      "unsupported",
      `${path} is a token shard of version ${version}; get it in version ${shardVersion} (uint16)`,
    );
  }
  if (count < 1 || size !== headerBytes + 2 * count) {
    throw new DataError(
      "damaged",
      `${path} should hold ${count} tokens in ${headerBytes + 2 * count} bytes but has ${size}: get the file again`,
    );
  }
  return { path, offset: headerBytes, count, width: 2 };
}

export interface TokenShardOptions {
  /** Ids are below this. Default: 50257 (GPT-2), or what the largest id needs. */
  readonly vocabSize?: number;
  /** Of the tokens, from the end, where no file is for validation. Default 0.1, but at most 10,485,760 tokens. */
  readonly validationShare?: number;
}

/**
 * Token shards as training and validation tokens: files with `val` or `test` in their name are for validation, all others
 * for training, in the order given; without the former, the last tokens are for validation.
 *
 * Tokens stay on disk. The first time, each shard is read through for its checksum and its largest token.
 */
export async function readTokenShards(
  source: string,
  paths: readonly string[],
  { vocabSize, validationShare = 0.1 }: TokenShardOptions = {},
): Promise<LoadedTokens> {
  const shards = [];
  for (const path of paths) {
    const file = await readShardHeader(path);
    shards.push({ ...(await fileDigest(path)), tokens: fileTokens(file), path });
  }
  const largest = shards.reduce((most, { largestUint16 }) => Math.max(most, largestUint16), 0);
  if (vocabSize !== undefined && largest >= vocabSize) {
    const path = shards.find(({ largestUint16 }) => largestUint16 >= vocabSize)?.path;
    throw new DataError(
      "unknownToken",
      `${path} has token ${largest}, but the vocabulary ends at ${vocabSize - 1}`,
    );
  }
  const isValidation = ({ path }: { path: string }): boolean => isValidationFile(path);
  const kept = joinTokens(shards.filter(isValidation).map(({ tokens }) => tokens));
  const rest = joinTokens(shards.filter((shard) => !isValidation(shard)).map(({ tokens }) => tokens));
  if (rest.length === 0) {
    throw new DataError("missing", `${source} has no training shards, only ${shards.length} for validation`);
  }
  const cut =
    kept.length > 0 ? rest.length : validationStart(rest.length, validationShare, mostValidationTokens);
  return {
    kind: "tokens",
    train: tokenRange(rest, 0, cut),
    validation: kept.length > 0 ? kept : tokenRange(rest, cut, rest.length),
    vocabSize: vocabSize ?? Math.max(usualVocabSize, largest + 1),
    source,
    sha256: joinDigests(shards.map(({ sha256 }) => sha256)),
  };
}
