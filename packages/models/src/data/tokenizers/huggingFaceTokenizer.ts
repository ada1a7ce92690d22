import { DataError } from "../dataError.ts";
import type { Tokenizer } from "./tokenizer.ts";
import { readTokenizerJson } from "./tokenizerJson.ts";

/**
 * The tokenizer of a Hugging Face `tokenizer.json` (its parsed content): byte-level and other BPE, WordPiece and
 * Unigram, with their normalizers, pre-tokenizers and decoders, by the package `@huggingface/tokenizers`. `config` is
 * the content of the `tokenizer_config.json` beside it, if there is one.
 *
 * No tokens are added at the beginning or end of a text. Special tokens written out in a text become those tokens, as
 * in Hugging Face's own library. Only byte-level BPE and byte fallback give back any text: others lose what their
 * normalizer drops (case, accents, repeated spaces) and what is unknown to them.
 *
 * Throws `DataError` where the content is damaged or uses what the package does not know; `encode` does for a
 * character without a token where the vocabulary has none for the unknown.
 */
export async function huggingFaceTokenizer(json: unknown, config?: unknown): Promise<Tokenizer> {
  const { definition, settings, vocabSize, endOfText } = readTokenizerJson(json, config);
  const { Tokenizer: Library } = await import("@huggingface/tokenizers");
  const library = guarded(() => new Library(definition, settings));
  const tokenizer: Tokenizer = {
    name: "huggingface",
    vocabSize,
    ...(endOfText !== undefined && { endOfText }),
    encode(text) {
      const ids: readonly unknown[] = guarded(() => library.encode(text, { add_special_tokens: false }).ids);
      return Int32Array.from(ids, (id) => {
        if (typeof id === "number" && Number.isInteger(id) && id >= 0 && id < vocabSize) return id;
        throw new DataError(
          "unknownToken",
          "the text has a character without a token, and this tokenizer.json has none for the unknown: " +
            "use the tokenizer the text was written for",
        );
      });
    },
    decode(tokens) {
      const ids = [...tokens];
      const wrong = ids.find((id) => !(Number.isInteger(id) && id >= 0 && id < vocabSize));
      if (wrong !== undefined) {
        throw new DataError("unknownToken", `token ${wrong} is not in 0 … ${vocabSize - 1}`);
      }
      if (ids.length === 0) return ""; // the package refuses
      return guarded(() => library.decode(ids, { clean_up_tokenization_spaces: false }));
    },
    toJSON: () => ({ name: "huggingface", tokenizer: json, ...(config !== undefined && { config }) }),
  };
  tryOut(tokenizer);
  return tokenizer;
}

/** A part that is damaged shows now rather than at the first text. */
function tryOut(tokenizer: Tokenizer): void {
  try {
    tokenizer.decode(
      tokenizer.encode("Call me Ishmael. Some years ago—never mind how long precisely 🐋\n\n 1851"),
    );
  } catch (error) {
    if (!(error instanceof DataError && error.problem === "unknownToken")) throw error;
  }
}

/** What goes wrong inside the package goes wrong because of the file. */
function guarded<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof DataError || !(error instanceof Error)) throw error;
    throw new DataError(
      "damaged",
      `this tokenizer.json cannot be used (${error.message}): get it again, or give another`,
      { cause: error },
    );
  }
}
