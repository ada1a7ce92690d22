import { numpy as np } from "@jax-js/jax";
import type { TokenBatch } from "../../model/model.ts";
import { counterRandom } from "../../random/counterRandom.ts";
import { DataError } from "../dataError.ts";
import { expectPositive } from "../expectPositive.ts";
import { expectStep } from "../expectStep.ts";
import type { TokenSource } from "./tokenSource.ts";
import { type TokenOrder, windowStarts } from "./windowStarts.ts";

/** Row-major [batch, time] ids: `targets` is `tokens` moved on by one. Plain data, for any engine. */
export interface TokenWindows {
  readonly shape: readonly [batch: number, time: number];
  readonly tokens: Int32Array;
  readonly targets: Int32Array;
}

/** Batches of windows of tokens. */
export interface TokenBatches {
  /** The batch of a step (0, 1, …): a pure function of seed and step, so that resuming needs no state. */
  trainBatch(step: number): TokenWindows;
  /** The same batch, read without blocking where the tokens are on disk. For `prefetch`. */
  trainBatchLater(step: number): Promise<TokenWindows>;
  /**
   * The same `count` batches whenever it is called: windows spread evenly from the first validation token to
   * the last. They overlap when there are fewer than count · batchSize · context tokens.
   */
  validationBatches(count: number): TokenWindows[];
  /** The i-th of them, made when it is asked for. */
  validationBatch(i: number, count: number): TokenWindows;
}

export interface TokenDatasetOptions {
  readonly train: TokenSource;
  readonly validation: TokenSource;
  /** Tokens per sequence. */
  readonly context: number;
  /** Sequences per batch. */
  readonly batchSize: number;
  /** Chooses the training batches. Default 0. */
  readonly seed?: number;
  /** `random`: windows from anywhere; `epochs`: each window once, then again in another order. Default "random". */
  readonly order?: TokenOrder;
  /** What messages call the tokens. Default "the data". */
  readonly source?: string;
}

/**
 * Batches from tokens in memory or on disk.
 *
 * With `order` "random", a training window starts anywhere with equal probability, independently of all others: some
 * tokens are seen twice before others are seen once. With "epochs", windows that do not overlap are visited once each, see
 * `windowStarts`. Both come from Threefry with step and row as counter, so that any step's batch can be made at any time.
 *
 * Throws `DataError` when either part is shorter than the context + 1 tokens of one window, `RangeError` for
 * sizes out of range.
 */
export function tokenDataset(options: TokenDatasetOptions): TokenBatches {
  const { train, validation, context, batchSize, seed = 0, order = "random", source = "the data" } = options;
  expectPositive("context", context);
  expectPositive("batchSize", batchSize);
  counterRandom(seed, "batches", 0, 0); // refuses a bad seed now rather than at the first batch
  expectLongEnough(source, train.length, validation.length, context);

  const rows = Array.from({ length: batchSize }, (_, row) => row);
  const starts = windowStarts[order]({ length: train.length, context, batchSize, seed });
  const trainStarts = (step: number): number[] => {
    expectStep(step);
    return starts(step);
  };
  const validationBatch = (i: number, count: number): TokenWindows => {
    const last = validation.length - context - 1;
    const gaps = Math.max(1, count * batchSize - 1);
    const startOf = (row: number): number => Math.round(((i * batchSize + row) / gaps) * last);
    return windows(
      context,
      rows.map((row) => validation.read(startOf(row), startOf(row) + context + 1)),
    );
  };
  return {
    trainBatch: (step) =>
      windows(
        context,
        trainStarts(step).map((start) => train.read(start, start + context + 1)),
      ),
    async trainBatchLater(step) {
      const read = train.readLater ?? train.read;
      return windows(
        context,
        await Promise.all(trainStarts(step).map((start) => read(start, start + context + 1))),
      );
    },
    validationBatch,
    validationBatches(count) {
      expectPositive("count", count);
      return Array.from({ length: count }, (_, i) => validationBatch(i, count));
    },
  };
}

/** The batch as jax-js arrays, int32. */
export function toTokenBatch({ shape, tokens, targets }: TokenWindows): TokenBatch {
  const put = (ids: Int32Array): np.Array => np.array(ids, { shape: [...shape], dtype: np.int32 });
  return { tokens: put(tokens), targets: put(targets) };
}

/** Rows of time + 1 tokens. */
function windows(time: number, rows: readonly (Uint16Array | Int32Array)[]): TokenWindows {
  const tokens = new Int32Array(rows.length * time);
  const targets = new Int32Array(rows.length * time);
  rows.forEach((ids, row) => {
    tokens.set(ids.subarray(0, time), row * time);
    targets.set(ids.subarray(1), row * time);
  });
  return { shape: [rows.length, time], tokens, targets };
}

function expectLongEnough(source: string, train: number, validation: number, context: number): void {
  const part = train <= context ? "training" : validation <= context ? "validation" : undefined;
  if (part === undefined) return;
  const has = part === "training" ? train : validation;
  const advice =
    Math.min(train, validation) > 1
      ? `use a longer text or a context of at most ${Math.min(train, validation) - 1}`
      : "use a longer text";
  throw new DataError(
    "tooShort",
    `${source} has ${train + validation} tokens, ${has} of them for ${part}, but a context of ${context} needs ` +
      `at least ${context + 1} for ${part}: ${advice}`,
  );
}
