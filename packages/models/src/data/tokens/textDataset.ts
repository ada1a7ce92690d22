import { DataError } from "../dataError.ts";
import { expectPositive } from "../expectPositive.ts";
import type { Tokenizer } from "../tokenizers/tokenizer.ts";
import { validationStart } from "../validationStart.ts";
import { type TokenBatches, tokenDataset } from "./tokenDataset.ts";
import { tokensInMemory } from "./tokenSource.ts";
import type { TokenOrder } from "./windowStarts.ts";

export interface TextDatasetOptions {
  readonly text: string;
  readonly tokenizer: Tokenizer;
  /** Tokens per sequence. */
  readonly context: number;
  /** Sequences per batch. */
  readonly batchSize: number;
  /** Chooses the training batches. Default 0. */
  readonly seed?: number;
  /** See `tokenDataset`. Default "random". */
  readonly order?: TokenOrder;
  /** Share of the tokens, from the end, that is never trained on; 0 < share < 1. Default 0.1. */
  readonly validationShare?: number;
  /** What messages call the text, usually the file's path. Default "the text". */
  readonly source?: string;
}

/** A text cut into training and validation tokens. */
export interface TextDataset extends TokenBatches {
  readonly train: Int32Array;
  readonly validation: Int32Array;
}

/**
 * Tokens of a text, split once: the last `validationShare` for validation, the rest for training. Batches as
 * in `tokenDataset`.
 *
 * Throws `DataError` when the text is empty, when a character is not in the vocabulary, or when either part
 * is shorter than the context + 1 tokens of one window; `RangeError` for sizes and shares out of range.
 */
export function textDataset(options: TextDatasetOptions): TextDataset {
  const { text, tokenizer, source = "the text", validationShare = 0.1, ...rest } = options;
  // Before the tokenizer gets to work on a long text.
  expectPositive("context", rest.context);
  expectPositive("batchSize", rest.batchSize);
  validationStart(0, validationShare);
  if (text === "") throw new DataError("empty", `${source} is empty: give a text file with some content`);

  const tokens = tokenizer.encode(text);
  const cut = validationStart(tokens.length, validationShare);
  const train = tokens.subarray(0, cut);
  const validation = tokens.subarray(cut);
  const batches = tokenDataset({
    ...rest,
    source,
    train: tokensInMemory(train),
    validation: tokensInMemory(validation),
  });
  return { train, validation, ...batches };
}
