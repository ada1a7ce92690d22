import { numpy as np } from "@jax-js/jax";
import type { TokenBatch } from "../model.ts";
import type { Tokenizer } from "../tokenizers/tokenizer.ts";
import { counterRandom } from "./counterRandom.ts";
import { DataError } from "./dataError.ts";

/** Row-major [batch, time] ids: `targets` is `tokens` moved on by one. Plain data, for any engine. */
export interface TokenWindows {
  readonly shape: readonly [batch: number, time: number];
  readonly tokens: Int32Array;
  readonly targets: Int32Array;
}

export interface TextDatasetOptions {
  readonly text: string;
  readonly tokenizer: Tokenizer;
  /** Tokens per sequence. */
  readonly context: number;
  /** Sequences per batch. */
  readonly batchSize: number;
  /** Chooses the training batches. Default 0. */
  readonly seed?: number;
  /** Share of the tokens, from the end, that is never trained on; 0 < share < 1. Default 0.1. */
  readonly validationShare?: number;
  /** What messages call the text, usually the file's path. Default "the text". */
  readonly source?: string;
}

/** A text cut into training and validation tokens. */
export interface TextDataset {
  readonly train: Int32Array;
  readonly validation: Int32Array;
  /** The batch of a step (0, 1, …): a pure function of seed and step, so that resuming needs no state. */
  trainBatch(step: number): TokenWindows;
  /**
   * The same `count` batches whenever it is called: windows spread evenly from the first validation token to
   * the last. They overlap when there are fewer than count · batchSize · context tokens.
   */
  validationBatches(count: number): TokenWindows[];
}

/**
 * Tokens of a text, split once: the last `validationShare` for validation, the rest for training.
 *
 * A training window starts anywhere with equal probability, independently of all others (so an epoch is not
 * a permutation; the lab counts tokens). Offsets come from Threefry with counter (step, row).
 *
 * Throws `DataError` when the text is empty, when a character is not in the vocabulary, or when either part
 * is shorter than the context + 1 tokens of one window; `RangeError` for sizes and shares out of range.
 */
export function textDataset(options: TextDatasetOptions): TextDataset {
  const { text, tokenizer, context, batchSize, seed = 0, validationShare = 0.1 } = options;
  const source = options.source ?? "the text";
  expectPositive("context", context);
  expectPositive("batchSize", batchSize);
  if (!(validationShare > 0 && validationShare < 1)) {
    throw new RangeError(`validationShare must be between 0 and 1, usually 0.1; got ${validationShare}`);
  }
  counterRandom(seed, "batches", 0, 0); // refuses a bad seed now rather than at the first batch
  if (text === "") throw new DataError("empty", `${source} is empty: give a text file with some content`);

  const tokens = tokenizer.encode(text);
  const cut = tokens.length - Math.round(tokens.length * validationShare);
  const train = tokens.subarray(0, cut);
  const validation = tokens.subarray(cut);
  expectLongEnough(source, tokens.length, train.length, validation.length, context);

  return {
    train,
    validation,
    trainBatch(step) {
      if (!(Number.isSafeInteger(step) && step >= 0)) {
        throw new RangeError(`step must be 0, 1, 2, …; got ${step}`);
      }
      const starts = train.length - context;
      return windows(train, context, batchSize, (row) =>
        Math.floor(counterRandom(seed, "batches", step, row) * starts),
      );
    },
    validationBatches(count) {
      expectPositive("count", count);
      const last = validation.length - context - 1;
      const gaps = Math.max(1, count * batchSize - 1);
      return Array.from({ length: count }, (_, i) =>
        windows(validation, context, batchSize, (row) => Math.round(((i * batchSize + row) / gaps) * last)),
      );
    },
  };
}

/** The batch as jax-js arrays, int32. */
export function toTokenBatch({ shape, tokens, targets }: TokenWindows): TokenBatch {
  const put = (ids: Int32Array): np.Array => np.array(ids, { shape: [...shape], dtype: np.int32 });
  return { tokens: put(tokens), targets: put(targets) };
}

function windows(
  from: Int32Array,
  time: number,
  batch: number,
  startOf: (row: number) => number,
): TokenWindows {
  const tokens = new Int32Array(batch * time);
  const targets = new Int32Array(batch * time);
  for (let row = 0; row < batch; row++) {
    const start = startOf(row);
    tokens.set(from.subarray(start, start + time), row * time);
    targets.set(from.subarray(start + 1, start + time + 1), row * time);
  }
  return { shape: [batch, time], tokens, targets };
}

function expectPositive(name: string, value: number): void {
  if (!(Number.isSafeInteger(value) && value > 0)) {
    throw new RangeError(`${name} must be a positive integer; got ${value}`);
  }
}

function expectLongEnough(
  source: string,
  total: number,
  train: number,
  validation: number,
  context: number,
): void {
  const part = train <= context ? "training" : validation <= context ? "validation" : undefined;
  if (part === undefined) return;
  const has = part === "training" ? train : validation;
  const advice =
    Math.min(train, validation) > 1
      ? `use a longer text or a context of at most ${Math.min(train, validation) - 1}`
      : "use a longer text";
  throw new DataError(
    "tooShort",
    `${source} has ${total} tokens, ${has} of them for ${part}, but a context of ${context} needs ` +
      `at least ${context + 1} for ${part}: ${advice}`,
  );
}
