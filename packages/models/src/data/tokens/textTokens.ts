import { sha256 } from "../../files/sha256.ts";
import { DataError } from "../dataError.ts";
import type { LoadedText } from "../text/loadedText.ts";
import type { Tokenizer } from "../tokenizers/tokenizer.ts";
import { validationStart } from "../validationStart.ts";
import { cachedTokens } from "./cachedTokens.ts";
import { fileTokens } from "./fileTokens.ts";
import { type TokenSource, tokenRange, tokensInMemory } from "./tokenSource.ts";

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
  { text, sha256: textHash }: Pick<LoadedText, "text" | "sha256">,
  tokenizer: Tokenizer,
  validationShare = 0.1,
): Promise<{ train: TokenSource; validation: TokenSource }> {
  const kept = text.length >= worthKeeping && tokenizer.name !== "characters";
  const tokens = kept ? await keptTokens(text, textHash, tokenizer) : tokensInMemory(tokenizer.encode(text));
  const cut = validationStart(tokens.length, validationShare);
  return { train: tokenRange(tokens, 0, cut), validation: tokenRange(tokens, cut, tokens.length) };
}

async function keptTokens(text: string, textHash: string, tokenizer: Tokenizer): Promise<TokenSource> {
  const tokenizerHash = sha256(JSON.stringify(tokenizer));
  let made: Int32Array | undefined;
  try {
    const file = await cachedTokens(
      ["text", tokenizerHash, textHash],
      tokenizer.vocabSize,
      async function* () {
        made = tokenizer.encode(text);
        yield made;
      },
    );
    const tokens = fileTokens(file);
    return file.count <= mostInMemory ? tokensInMemory(tokens.read(0, file.count)) : tokens;
  } catch (error) {
    if (error instanceof DataError || !(error instanceof Error && "code" in error)) throw error;
    return tokensInMemory(made ?? tokenizer.encode(text)); // no room or no permission: it works without
  }
}
