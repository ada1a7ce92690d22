/** Text to token ids and back. */
export interface Tokenizer {
  readonly name: TokenizerState["name"];
  /** Ids are 0 … vocabSize − 1. */
  readonly vocabSize: number;
  encode(text: string): Int32Array;
  /** Throws `DataError` for an id outside the table. */
  decode(tokens: Iterable<number>): string;
  /** What `loadTokenizer` builds the same tokenizer from; plain JSON. */
  toJSON(): TokenizerState;
}

export type TokenizerState = { name: "characters"; characters: string } | { name: "gpt2" };
