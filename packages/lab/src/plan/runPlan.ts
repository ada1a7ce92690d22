import type { TestTime, TokenOrder } from "@steepest/models";

/** A value that survives JSON. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** Where a learning rate comes from, see `chooseRates`. */
export const rateOriginNames = ["given", "measured", "tuned", "preset", "published", "fine-tuning"] as const;
export type RateOrigin = (typeof rateOriginNames)[number];

/** Options as they are written in a config file. */
export type JsonOptions = { readonly [name: string]: Json };

/** The tokenizers that have a name; any other is the path of a `tokenizer.json`. */
export const tokenizerNames = ["char", "gpt2"] as const;

export const scheduleNames = ["constant", "linear", "cosine", "wsd", "inverse-sqrt"] as const;
export type ScheduleName = (typeof scheduleNames)[number];

export const engineNames = ["onnx", "jax"] as const;
export type EngineName = (typeof engineNames)[number];

/** The name of the text that comes with `@steepest/models`. */
export const defaultText = "moby-dick";

/** What stands for the data of a model that needs none. */
export const noData = "none";

/**
 * Everything that decides what a run computes. It is JSON: a run folder's `config.json` holds it, and a config
 * file is one with parts left out. Flags have the same names in kebab-case.
 */
export interface RunPlan {
  /** A name of `optimizerNames()`. */
  readonly optimizer: string;
  /** Options of `describeOptimizer(optimizer)`; what is absent has its default there. */
  readonly optimizerOptions: JsonOptions;
  /** Where each learning rate among these comes from. */
  readonly rateOrigins: Readonly<Record<string, RateOrigin>>;
  /** A preset of `@steepest/models`. */
  readonly model: string;
  /** Settings of the model that differ from the preset; of a run that starts from weights also their `vocabSize`. */
  readonly modelOptions: JsonOptions;
  /** Start from these weights: a safetensors file or folder of Hugging Face, a checkpoint, or a run folder. */
  readonly weights?: string;
  /** A name of `dataNames` (`moby-dick`, `fashion-mnist`, …), a path, or `none` for a problem. */
  readonly data: string;
  /** Of language models: a name of `tokenizerNames`, or the path of a Hugging Face `tokenizer.json`. */
  readonly tokenizer: string;
  /** Of language models on Parquet: the column with the text. Absent: `text`, `content`, or the only one of strings. */
  readonly textColumn?: string;
  /** Of language models: windows from anywhere (`random`), or each once an epoch (`epochs`). Absent: random. */
  readonly order?: TokenOrder;
  /** Height and width that image files are brought to. Absent: as they are, which must be alike. */
  readonly imageSize?: number;
  /** Random changes to training images: parts of `flip`, `alternate-flip` and `translate=N`, commas between. */
  readonly augment?: string;
  /** Updates to make in all. */
  readonly steps: number;
  /** Sequences (or examples) per step. */
  readonly batch: number;
  /**
   * Parts a batch is computed in, one after the other; divides `batch`. The gradients are averaged before the update, so
   * that a step takes the memory of one part. Batch norm normalises each part for itself.
   */
  readonly accumulate: number;
  /** Tokens per sequence of a language model. Absent: the preset's. */
  readonly context?: number;
  readonly seed: number;
  /** A factor on every learning rate over the steps of the run. */
  readonly schedule: ScheduleName;
  /** Steps of linear warm-up. */
  readonly warmup: number;
  /** Gradients are scaled down to this norm over all parameters. Absent: not at all. */
  readonly clip?: number;
  /**
   * Several ranks train alone, each on its part of every batch, and make an outer step on the mean of their weights every so many
   * steps. Absent: they make every step together.
   */
  readonly outerEvery?: number;
  /** Of the outer step; with `outerEvery`. */
  readonly outerLearningRate?: number;
  /** Of the outer step, Nesterov's, in [0, 1); with `outerEvery`. */
  readonly outerMomentum?: number;
  /** Steps between validations; one is always made before the first step and one after the last. */
  readonly evalEvery: number;
  /** Batches a validation averages over, always the same ones. Absent for images: the whole test set. */
  readonly evalBatches?: number;
  /** Copies of an image that a validation looks at, see `testTimes` of `@steepest/models`. Absent: the image. */
  readonly testTime?: TestTime;
  /** Training batches over which the statistics of batch norm are averaged before a validation. Absent: 16. */
  readonly statisticsBatches?: number;
  /** Diagnostics of the run, names of `diagnostics` with commas between, into its `watch.jsonl`. Absent: none. */
  readonly watch?: string;
  /** Steps between two looks of `watch`; there with it. The first step and the last are always looked at. */
  readonly watchEvery?: number;
  /** Steps between checkpoints; one is always made at the end. 0: only there. */
  readonly checkpointEvery: number;
  /** How many of the latest checkpoints to keep, ≥ 1. */
  readonly keepCheckpoints: number;
  /** Tokens of text a language model writes after training, and on the way. 0: none. */
  readonly sampleTokens: number;
  /** Steps between texts on the way, of a language model. 0 or absent: only at the end. */
  readonly sampleEvery?: number;
  readonly engine: EngineName;
  /** Threads of the engine. Absent: the cores of the process. The numbers are the same with any. */
  readonly threads?: number;
}

/** A plan whose learning rates are still to be chosen. */
export type UnratedPlan = Omit<RunPlan, "rateOrigins">;
