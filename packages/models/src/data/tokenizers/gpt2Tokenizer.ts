import { DataError } from "../dataError.ts";
import { byteCharacters, bytesOfToken, toByteCharacters } from "../tokenizerJson/byteCharacters.ts";
import { mergePairs } from "../tokenizerJson/mergePairs.ts";
import { byteLevel } from "../tokenizerJson/preTokenizer.ts";
import { remembering } from "../tokenizerJson/wordModel.ts";
import type { Tokenizer } from "./tokenizer.ts";
import { TokenList } from "./tokenList.ts";

/**
 * GPT-2's byte-pair encoding, 50257 ids (`r50k_base`; the ranks are inside `gpt-tokenizer`, nothing is
 * downloaded). Asynchronous because its table of 2 MB is only loaded when asked for.
 *
 * `<|endoftext|>` in a text is ordinary text: it is encoded by its letters, never as the special token.
 * Lone surrogates cannot be UTF-8 and decode as U+FFFD.
 * Source: Radford et al. 2019, "Language models are unsupervised multitask learners".
 */
export async function gpt2Tokenizer(): Promise<Tokenizer> {
  const { default: ranks } = await import("gpt-tokenizer/bpeRanks/r50k_base");
  // In the printable characters of their bytes; a token's id is also the rank of the merge that makes it.
  const names = ranks.map((token) =>
    typeof token === "string"
      ? toByteCharacters(token)
      : token.map((byte) => byteCharacters[byte] ?? "").join(""),
  );
  const ids = new Map(names.map((name, id) => [name, id]));
  const rankOf = (left: number, right: number): number | undefined =>
    ids.get(`${names[left]}${names[right]}`);
  const split = byteLevel({ bytes: false });
  const model = remembering((word) =>
    mergePairs(
      Array.from(toByteCharacters(word), (character) => ids.get(character) ?? 0),
      rankOf,
      (rank) => rank,
    ),
  );
  const endOfText = names.length; // 50256, <|endoftext|>
  return {
    name: "gpt2",
    vocabSize: names.length + 1,
    endOfText,
    encode(text) {
      const tokens = new TokenList();
      const add = (id: number): void => tokens.add(id);
      split(text, true, (word) => model(word, add));
      return tokens.toArray();
    },
    decode(tokens) {
      const bytes: number[] = [];
      for (const id of tokens) {
        const name = id === endOfText ? "<|endoftext|>" : names[id];
        if (name === undefined) {
          throw new DataError("unknownToken", `token ${id} is not in 0 … ${endOfText} of GPT-2`);
        }
        for (const byte of bytesOfToken(name)) bytes.push(byte);
      }
      return new TextDecoder("utf-8", { ignoreBOM: true }).decode(Uint8Array.from(bytes));
    },
    toJSON: () => ({ name: "gpt2" }),
  };
}
