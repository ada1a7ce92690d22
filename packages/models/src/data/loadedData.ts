import type { Tokenizer } from "../tokenizers/tokenizer.ts";
import type { ImageSplit } from "./imageSplit.ts";
import type { TokenSource } from "./tokenSource.ts";

/** What every data set has: what messages call it, and a checksum to notice that it has changed. */
interface Loaded {
  /** The name or path it was asked for, with the folder it was found in where that helps. */
  readonly source: string;
  /** SHA-256 of the content, in hexadecimal. */
  readonly sha256: string;
}

/** A text in memory. */
export interface LoadedText extends Loaded {
  readonly kind: "text";
  readonly text: string;
}

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

/** Labelled images in memory. */
export interface LoadedImages extends Loaded {
  readonly kind: "images";
  readonly train: ImageSplit;
  readonly test: ImageSplit;
}

export type LoadedData = LoadedText | LoadedTokens | LoadedImages;
