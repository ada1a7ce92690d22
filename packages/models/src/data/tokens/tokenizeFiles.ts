import { fileDigest, joinDigests } from "../../files/fileDigest.ts";
import { sha256 } from "../../files/sha256.ts";
import { DataError } from "../dataError.ts";
import { describeSplit } from "../describeSplit.ts";
import { lastTokens } from "../lastTokens.ts";
import { splitFiles } from "../splitFiles.ts";
import type { TextPiece } from "../text/textPiece.ts";
import { readTokenizer } from "../tokenizers/readTokenizer.ts";
import type { Tokenizer } from "../tokenizers/tokenizer.ts";
import { mostValidationTokens, validationStart } from "../validationStart.ts";
import { cachedTokens } from "./cachedTokens.ts";
import { fileTokens } from "./fileTokens.ts";
import { knownCharacters } from "./knownCharacters.ts";
import type { LoadedTokens } from "./loadedTokens.ts";
import { tokenRange } from "./tokenSource.ts";

export interface TokenizeOptions {
  /** What `readTokenizer` takes. Default `gpt2`. */
  readonly tokenizer?: string;
  /** Of the tokens, from the end, where no file is for validation. Default 0.1, at most 10,485,760 tokens. */
  readonly validationShare?: number;
  /** Gets a line every few seconds. */
  readonly report?: (line: string) => void;
}

/**
 * The texts of files as tokens. They are tokenised piece by piece into a file of the cache folder, which is used
 * again as long as files and tokenizer are the same; neither texts nor tokens are ever in memory as a whole. Each
 * text ends with the tokenizer's end-of-text token, or with an empty line where it has none.
 *
 * Which files are for validation, `splitFiles` says; without such, the last tokens are. `read` says how texts are
 * got from a file; `how` stands for it in the name of the cached file.
 *
 * Throws `DataError` for what `read` refuses, and where the cache folder cannot be written.
 */
export async function tokenizeFiles(
  source: string,
  paths: readonly string[],
  { read, how }: { read: (path: string) => AsyncIterable<TextPiece>; how: string },
  { tokenizer: name = "gpt2", validationShare = 0.1, report }: TokenizeOptions = {},
): Promise<LoadedTokens> {
  const split = splitFiles(source, paths);
  const used = [...split.train, ...split.validation];
  const digestsOf = async (files: readonly string[]): Promise<string[]> => {
    const digests = [];
    for (const path of files) digests.push((await fileDigest(path)).sha256);
    return digests;
  };
  const tokenizer = await readTokenizer(name, async function* () {
    report?.(`looking for the characters of ${source}; once, they are kept`);
    const key = [how, ...(await digestsOf(used))];
    yield knownCharacters(key, () => textsOf(used, read));
  });
  if (name === "char") {
    report?.(
      `${source} has ${tokenizer.vocabSize} different characters, one token each (tokenizer char); ` +
        "gpt2 makes about a quarter as many tokens of English (--tokenizer gpt2)",
    );
  }
  const tokenizerHash = sha256(JSON.stringify(tokenizer));

  const tokensOf = async (files: readonly string[]) => {
    const digests = await digestsOf(files);
    const file = await cachedTokens([how, tokenizerHash, ...digests], tokenizer.vocabSize, () =>
      encoded(files, read, tokenizer, report),
    );
    return { tokens: fileTokens(file), digests };
  };
  try {
    const train = await tokensOf(split.train);
    const validation = await tokensOf(split.validation);
    if (train.tokens.length === 0) {
      throw new DataError(
        "empty",
        `${source} has no texts to train on: ${describeSplit(source, split, "nothing")}`,
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
      split: describeSplit(source, split, lastTokens(length - cut)),
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

const separator = "\n\n";

/** All that a vocabulary of characters must have. */
async function* textsOf(
  paths: readonly string[],
  read: (path: string) => AsyncIterable<TextPiece>,
): AsyncGenerator<string> {
  yield separator;
  for (const path of paths) for await (const { text } of read(path)) yield text;
}

async function* encoded(
  paths: readonly string[],
  read: (path: string) => AsyncIterable<TextPiece>,
  tokenizer: Tokenizer,
  report: ((line: string) => void) | undefined,
): AsyncGenerator<ArrayLike<number>> {
  const { endOfText } = tokenizer;
  let [texts, tokens, reported] = [0, 0, Date.now()];
  for (const [i, path] of paths.entries()) {
    for await (const { text, last } of read(path)) {
      const ids = tokenizer.encode(last && endOfText === undefined ? text + separator : text);
      yield ids;
      if (last && endOfText !== undefined) yield [endOfText];
      if (last) texts += 1;
      tokens += ids.length;
      if (Date.now() - reported < 5000) continue;
      reported = Date.now();
      report?.(`tokenising file ${i + 1} of ${paths.length}: ${texts} texts, ${tokens} tokens so far`);
    }
  }
}
