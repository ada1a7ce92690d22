import { createHash } from "node:crypto";
import { basename } from "node:path";
import { DataError } from "../data/dataError.ts";
import type { LoadedTokens } from "../data/loadedData.ts";
import { tokenRange } from "../data/tokenSource.ts";
import { mostValidationTokens, validationStart } from "../data/validationStart.ts";
import type { Tokenizer } from "../tokenizers/tokenizer.ts";
import { fileDigest, joinDigests } from "./fileDigest.ts";
import { fileTokens } from "./fileTokens.ts";
import { parquetTexts } from "./parquet/parquetTexts.ts";
import { readTokenizer } from "./readTokenizer.ts";
import { cachedTokens } from "./tokenCache.ts";

export interface ParquetOptions {
  readonly tokenizer?: string;
  readonly textColumn?: string;
  readonly validationShare?: number;
  readonly report?: (line: string) => void;
}

/**
 * The texts of Parquet files as tokens. They are tokenised row by row into a file of the cache folder, which is used
 * again as long as files and tokenizer are the same; neither texts nor tokens are ever in memory as a whole. Each
 * text ends with the tokenizer's end-of-text token, or with an empty line where it has none.
 *
 * Files with `val` or `test` in their name are for validation; without such, the last tokens.
 *
 * Throws `DataError` for damaged files, and where the cache folder cannot be written.
 */
export async function readParquet(
  source: string,
  paths: readonly string[],
  { tokenizer: name = "gpt2", textColumn, validationShare = 0.1, report }: ParquetOptions = {},
): Promise<LoadedTokens> {
  const tokenizer = await readTokenizer(name, () => charactersOf(paths, textColumn));
  const tokenizerHash = createHash("sha256").update(JSON.stringify(tokenizer)).digest("hex");
  const isValidation = (path: string): boolean => /val|test/i.test(basename(path));

  const tokensOf = async (files: readonly string[]) => {
    const digests = [];
    for (const path of files) digests.push((await fileDigest(path)).sha256);
    const key = ["parquet", tokenizerHash, textColumn ?? "", ...digests];
    const file = await cachedTokens(key, tokenizer.vocabSize, () =>
      encoded(files, textColumn, tokenizer, report),
    );
    return { tokens: fileTokens(file), digests };
  };
  try {
    const train = await tokensOf(paths.filter((path) => !isValidation(path)));
    const validation = await tokensOf(paths.filter(isValidation));
    if (train.tokens.length === 0) {
      throw new DataError(
        "empty",
        `${source} has no texts to train on (files with "val" or "test" are kept apart)`,
      );
    }
    const { length } = train.tokens;
    const own = validation.tokens.length > 0;
    const cut = own ? length : validationStart(length, validationShare, mostValidationTokens);
    return {
      kind: "tokens",
      train: tokenRange(train.tokens, 0, cut),
      validation: own ? validation.tokens : tokenRange(train.tokens, cut, length),
      vocabSize: tokenizer.vocabSize,
      tokenizer,
      source,
      sha256: joinDigests([...train.digests, ...validation.digests]),
    };
  } catch (error) {
    if (error instanceof DataError || !(error instanceof Error && "code" in error)) throw error;
    throw new DataError(
      "unreadable",
      `cannot keep the tokens of ${source} (${error.message}): set STEEPEST_CACHE to a folder with room for them`,
      { cause: error },
    );
  }
}

/** All that a vocabulary of characters must have. */
async function* charactersOf(paths: readonly string[], column: string | undefined): AsyncGenerator<string> {
  yield "\n"; // between texts
  for (const path of paths) yield* parquetTexts(path, column);
}

async function* encoded(
  paths: readonly string[],
  column: string | undefined,
  tokenizer: Tokenizer,
  report: ((line: string) => void) | undefined,
): AsyncGenerator<ArrayLike<number>> {
  const { endOfText } = tokenizer;
  let [texts, tokens, reported] = [0, 0, Date.now()];
  for (const [i, path] of paths.entries()) {
    for await (const text of parquetTexts(path, column)) {
      const ids = tokenizer.encode(endOfText === undefined ? `${text}\n\n` : text);
      yield ids;
      if (endOfText !== undefined) yield [endOfText];
      texts += 1;
      tokens += ids.length;
      if (Date.now() - reported < 5000) continue;
      reported = Date.now();
      report?.(`tokenising file ${i + 1} of ${paths.length}: ${texts} texts, ${tokens} tokens so far`);
    }
  }
}
