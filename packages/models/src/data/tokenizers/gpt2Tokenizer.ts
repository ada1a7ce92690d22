import { DataError } from "../dataError.ts";
import type { Tokenizer } from "./tokenizer.ts";

/**
 * GPT-2's byte-pair encoding, 50257 ids (`r50k_base`; the ranks are inside `gpt-tokenizer`, nothing is
 * downloaded). Asynchronous because its table of 2 MB is only loaded when asked for.
 *
 * `<|endoftext|>` in a text is ordinary text: it is encoded by its letters, never as the special token.
 * Lone surrogates cannot be UTF-8 and decode as U+FFFD.
 * Source: Radford et al. 2019, "Language models are unsupervised multitask learners".
 */
export async function gpt2Tokenizer(): Promise<Tokenizer> {
  const { decode, encode, vocabularySize } = await import("gpt-tokenizer/encoding/r50k_base");
  const noSpecials = { disallowedSpecial: new Set<string>() };
  return {
    name: "gpt2",
    vocabSize: vocabularySize,
    endOfText: vocabularySize - 1, // 50256, <|endoftext|>
    encode: (text) => Int32Array.from(encode(text, noSpecials)),
    decode(tokens) {
      const ids = [...tokens];
      const wrong = ids.find((id) => !(Number.isInteger(id) && id >= 0 && id < vocabularySize));
      if (wrong !== undefined) {
        throw new DataError("unknownToken", `token ${wrong} is not in 0 … ${vocabularySize - 1} of GPT-2`);
      }
      return decode(ids);
    },
    toJSON: () => ({ name: "gpt2" }),
  };
}
