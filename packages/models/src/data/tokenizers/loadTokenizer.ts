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
