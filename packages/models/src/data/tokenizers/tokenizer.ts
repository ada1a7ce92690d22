/** Text to token ids and back. */
export interface Tokenizer {
  readonly name: TokenizerState["name"];
  /** Ids are 0 … vocabSize − 1. */
  readonly vocabSize: number;
  /** The id that stands between documents, where the vocabulary has one. `encode` does not add it. */
  readonly endOfText?: number;
  encode(text: string): Int32Array;
  /** Throws `DataError` for an id outside the table. */
  decode(tokens: Iterable<number>): string;
  /** What `loadTokenizer` builds the same tokenizer from; plain JSON. */
  toJSON(): TokenizerState;
}

export type TokenizerState =
  | { name: "characters"; characters: string }
  | { name: "gpt2" }
  /** The content of a Hugging Face `tokenizer.json`, and of the `tokenizer_config.json` beside it. */
  | { name: "huggingface"; tokenizer: unknown; config?: unknown };
