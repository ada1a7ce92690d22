import { DataError } from "../dataError.ts";
import { readTokenizerJson } from "../tokenizerJson/tokenizerJson.ts";
import type { Tokenizer } from "./tokenizer.ts";
import { TokenList } from "./tokenList.ts";

/**
 * The tokenizer of a Hugging Face `tokenizer.json` (its parsed content): BPE, WordPiece, WordLevel and Unigram, with the
 * normalizers, pre-tokenizers and decoders of docs/models.md, whose ids are those of Hugging Face's own library. `config`
 * is the content of the `tokenizer_config.json` beside it, if there is one.
 *
 * No tokens are added at the beginning or end of a text. Special tokens written out in a text become those tokens, as
 * in Hugging Face's own library. Only byte-level BPE and byte fallback give back any text: others lose what their
 * normalizer drops (case, accents, repeated spaces) and what is unknown to them. Lone surrogates are read as U+FFFD.
 *
 * Throws `DataError` where the content is damaged or has a part that is not read here, with the name of the part;
 * `encode` does for a character without a token where the vocabulary has none for the unknown.
 */
export function huggingFaceTokenizer(json: unknown, config?: unknown): Tokenizer {
  const { vocabulary, encode, decode } = readTokenizerJson(json, config);
  const { size: vocabSize, endOfText } = vocabulary;
  return {
    name: "huggingface",
    vocabSize,
    ...(endOfText !== undefined && { endOfText }),
    encode(text) {
      const ids = new TokenList();
      encode(text.replace(/\p{Surrogate}/gu, "\ufffd"), (id) => ids.add(id));
      return ids.toArray();
    },
    decode(tokens) {
      const ids = [...tokens];
      const wrong = ids.find((id) => !(Number.isInteger(id) && id >= 0 && id < vocabSize));
      if (wrong !== undefined) {
        throw new DataError("unknownToken", `token ${wrong} is not in 0 … ${vocabSize - 1}`);
      }
      return decode(ids);
    },
    toJSON: () => ({ name: "huggingface", tokenizer: json, ...(config !== undefined && { config }) }),
  };
}
