import { DataError } from "../dataError.ts";

export interface LoadOptions {
  /**
   * For Parquet, long texts and texts with files for validation, which are tokenised as they are read: what `readTokenizer`
   * takes. Default `gpt2`. For token shards: what they were made with.
   */
  readonly tokenizer?: string;
  /** The column of a Parquet file. Default `text` or `content`, else its only column of strings. */
  readonly textColumn?: string;
  /** For token shards: ids are below this. Default 50257 (GPT-2), or what the largest id needs. */
  readonly vocabSize?: number;
  /**
   * Where no file is for validation: of shards and Parquet from the end, of image files of every class. Default 0.1, at
   * most 10,485,760 tokens.
   */
  readonly validationShare?: number;
  /** For a folder of CIFAR-10 batches: a part of the set will do. Default: five batches of 10,000 and a test batch. */
  readonly partial?: boolean;
  /** Height and width that image files are brought to. Default: as they are, which must be alike. */
  readonly imageSize?: number;
  /** Gets a line now and then while something takes long. */
  readonly report?: (line: string) => void;
}

/** Settings that only some data have are no matter of taste: one that would do nothing is a mistake. */
export function refuse(
  source: string,
  options: LoadOptions,
  ...names: readonly (keyof typeof settingsFor)[]
): void {
  const given = names.find((name) => options[name] !== undefined);
  if (given === undefined) return;
  throw new DataError(
    "unsupported",
    `${source} is no ${settingsFor[given]}, which ${given} is for: leave it out`,
  );
}

const settingsFor = { imageSize: "folder of image files", textColumn: "Parquet" } as const;
