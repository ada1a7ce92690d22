import { characterTokenizer } from "./characterTokenizer.ts";
import { gpt2Tokenizer } from "./gpt2Tokenizer.ts";
import { huggingFaceTokenizer } from "./huggingFaceTokenizer.ts";
import type { Tokenizer, TokenizerState } from "./tokenizer.ts";

export const tokenizerNames: readonly TokenizerState["name"][] = ["characters", "gpt2", "huggingface"];

/** The tokenizer that `toJSON` described. */
export async function loadTokenizer(state: TokenizerState): Promise<Tokenizer> {
  switch (state.name) {
    case "characters":
      return characterTokenizer(state.characters);
    case "gpt2":
      return gpt2Tokenizer();
    case "huggingface":
      return huggingFaceTokenizer(state.tokenizer, state.config);
  }
}

/** Whether a value out of a file is what `toJSON` writes. */
export function isTokenizerState(value: unknown): value is TokenizerState {
  if (typeof value !== "object" || value === null || !("name" in value)) return false;
  if (value.name === "characters") return "characters" in value && typeof value.characters === "string";
  return value.name === "gpt2" || (value.name === "huggingface" && "tokenizer" in value);
}
