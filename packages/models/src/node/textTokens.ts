import { createHash } from "node:crypto";
import { DataError } from "../data/dataError.ts";
import type { LoadedText } from "../data/loadedData.ts";
import { type TokenSource, tokenRange, tokensInMemory } from "../data/tokenSource.ts";
import { validationStart } from "../data/validationStart.ts";
import type { Tokenizer } from "../tokenizers/tokenizer.ts";
import { fileTokens } from "./fileTokens.ts";
import { cachedTokens } from "./tokenCache.ts";

/** From here on, reading tokens back is quicker than making them: a second or more with a `tokenizer.json`. */
const worthKeeping = 1e6;
/** Fewer tokens stay in memory. */
const mostInMemory = 2 ** 25;

/**
 * The tokens of a text, cut once: the last `validationShare` (0 < share < 1, default 0.1) for validation, the rest for
 * training, as `textDataset` does. Those of texts from a million characters on are kept in the cache folder, where it can
 * be written, but for characters, which are tokenised faster than read.
 */
export async function textTokens(
  { text, sha256 }: Pick<LoadedText, "text" | "sha256">,
  tokenizer: Tokenizer,
  validationShare = 0.1,
): Promise<{ train: TokenSource; validation: TokenSource }> {
  const kept = text.length >= worthKeeping && tokenizer.name !== "characters";
  const tokens = kept ? await keptTokens(text, sha256, tokenizer) : tokensInMemory(tokenizer.encode(text));
  const cut = validationStart(tokens.length, validationShare);
  return { train: tokenRange(tokens, 0, cut), validation: tokenRange(tokens, cut, tokens.length) };
}

async function keptTokens(text: string, sha256: string, tokenizer: Tokenizer): Promise<TokenSource> {
  const tokenizerHash = createHash("sha256").update(JSON.stringify(tokenizer)).digest("hex");
  let made: Int32Array | undefined;
  try {
    const file = await cachedTokens(["text", tokenizerHash, sha256], tokenizer.vocabSize, async function* () {
      made = tokenizer.encode(text);
      yield made;
    });
    const tokens = fileTokens(file);
    return file.count <= mostInMemory ? tokensInMemory(tokens.read(0, file.count)) : tokens;
  } catch (error) {
    if (error instanceof DataError || !(error instanceof Error && "code" in error)) throw error;
    return tokensInMemory(made ?? tokenizer.encode(text)); // no room or no permission: it works without
  }
}
