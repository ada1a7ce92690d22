import { fileDigest, joinDigests } from "../../files/fileDigest.ts";
import { DataError } from "../dataError.ts";
import { describeSplit } from "../describeSplit.ts";
import { lastTokens } from "../lastTokens.ts";
import { splitFiles } from "../splitFiles.ts";
import { readTokenizer } from "../tokenizers/readTokenizer.ts";
import { mostValidationTokens, validationStart } from "../validationStart.ts";
import { fileTokens } from "./fileTokens.ts";
import { joinTokens } from "./joinTokens.ts";
import type { LoadedTokens } from "./loadedTokens.ts";
import { readShardHeader, type Shard } from "./readShardHeader.ts";
import { type TokenSource, tokenRange } from "./tokenSource.ts";

export interface TokenShardOptions {
  /** Ids are below this. Default: 50257 (GPT-2; 128256 for shards of uint32), or what the largest id needs. */
  readonly vocabSize?: number;
  /** What the shards were made with, as `readTokenizer` takes it; `char` says nothing. */
  readonly tokenizer?: string;
  /** Of the tokens, from the end, where no file is for validation. Default 0.1, but at most 10,485,760 tokens. */
  readonly validationShare?: number;
}

/** A shard with what reading it through gave. */
interface ReadShard extends Shard {
  readonly sha256: string;
  readonly largest: number;
  readonly tokens: TokenSource;
}

/**
 * Token shards as training and validation tokens: which are for validation, `splitFiles` says; without such, the last tokens
 * are. Each part is in the order given.
 *
 * Tokens stay on disk. The first time, each shard is read through for its checksum and its largest token. Throws `DataError`
 * for what `readShardHeader` refuses, and for a token that the vocabulary or the tokenizer does not have.
 */
export async function readTokenShards(
  source: string,
  paths: readonly string[],
  { vocabSize, tokenizer: name = "char", validationShare = 0.1 }: TokenShardOptions = {},
): Promise<LoadedTokens> {
  const split = splitFiles(source, paths);
  if (split.train.length === 0) {
    const held = split.validation.length + split.leftOut.length;
    throw new DataError("missing", `${source} has no training shards, only ${held} for validation`);
  }
  const [train, validation] = [await readAll(split.train), await readAll(split.validation)];
  const shards = [...train, ...validation];
  const tokenizer = name === "char" ? undefined : await readTokenizer(name, () => []);
  if (tokenizer !== undefined) {
    const lacks = `the tokenizer ${name} ends at ${tokenizer.vocabSize - 1}: give the one the shards were made with (--tokenizer)`;
    expectBelow(tokenizer.vocabSize, shards, lacks);
  }
  if (vocabSize !== undefined) expectBelow(vocabSize, shards, `the vocabulary ends at ${vocabSize - 1}`);
  const [rest, kept] = [train, validation].map((part) => joinTokens(part.map(({ tokens }) => tokens)));
  if (rest === undefined || kept === undefined) throw new Error("internal: two parts");
  const cut =
    kept.length > 0 ? rest.length : validationStart(rest.length, validationShare, mostValidationTokens);
  const usual = shards.reduce((most, { usualVocabSize }) => Math.max(most, usualVocabSize), 0);
  return {
    kind: "tokens",
    train: tokenRange(rest, 0, cut),
    validation: kept.length > 0 ? kept : tokenRange(rest, cut, rest.length),
    vocabSize: vocabSize ?? Math.max(usual, largestOf(shards) + 1),
    ...(tokenizer !== undefined && { tokenizer }),
    source,
    sha256: joinDigests(shards.map(({ sha256 }) => sha256)),
    split: describeSplit(source, split, lastTokens(rest.length - cut)),
  };
}

const largestOf = (shards: readonly ReadShard[]): number =>
  shards.reduce((most, { largest }) => Math.max(most, largest), 0);

async function readAll(paths: readonly string[]): Promise<ReadShard[]> {
  const shards: ReadShard[] = [];
  for (const path of paths) {
    const shard = await readShardHeader(path);
    const { sha256, largestUint16, largestUint32, largestAtStart } = await fileDigest(path);
    const headless = shard.offset === 0;
    const afterHeader = shard.width === 2 ? largestUint16 : largestUint32;
    const largest = headless ? Math.max(largestAtStart, afterHeader) : afterHeader;
    if (headless && largest >= shard.usualVocabSize) {
      throw new DataError(
        "damaged",
        `${path} is no token shard: it has no header, and as tokens without one (uint16, as nanoGPT writes them) it would ` +
          `have token ${largest}, beyond GPT-2's ${shard.usualVocabSize - 1}`,
      );
    }
    shards.push({ ...shard, sha256, largest, tokens: fileTokens(shard) });
  }
  return shards;
}

function expectBelow(size: number, shards: readonly ReadShard[], but: string): void {
  const shard = shards.find(({ largest }) => largest >= size);
  if (shard === undefined) return;
  throw new DataError("unknownToken", `${shard.path} has token ${largestOf(shards)}, but ${but}`);
}
