import type { Loaded } from "../loaded.ts";
import type { Tokenizer } from "../tokenizers/tokenizer.ts";
import type { TokenSource } from "./tokenSource.ts";

/** Tokens, usually on disk. */
export interface LoadedTokens extends Loaded {
  readonly kind: "tokens";
  readonly train: TokenSource;
  /** Never trained on. */
  readonly validation: TokenSource;
  /** Ids are 0 … vocabSize − 1. */
  readonly vocabSize: number;
  /** What made the tokens, where they were made here. Token shards of others do not say. */
  readonly tokenizer?: Tokenizer;
}
