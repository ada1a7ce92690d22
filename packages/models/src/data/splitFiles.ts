import { basename, relative, sep } from "node:path";

/** What the files of a data set are for. */
export interface FileSplit {
  readonly train: readonly string[];
  /** Empty where no file is for validation: then a part of the training data is. */
  readonly validation: readonly string[];
  /** Neither trained nor validated on: a test set beside a validation set. */
  readonly leftOut: readonly string[];
}

/** Names of folders and files that say what is in them, in lower case. */
export const splitWords = {
  train: ["train", "training"],
  validation: ["val", "valid", "validation", "dev", "eval", "evaluation"],
  test: ["test", "tests", "testing"],
} as const satisfies Record<string, readonly string[]>;

type Part = keyof typeof splitWords;

const parts: readonly Part[] = ["train", "validation", "test"];

/** The part that a whole name stands for. */
const partCalled = (name: string): Part | undefined =>
  parts.find((part) => splitWords[part].some((word) => word === name.toLowerCase()));

/**
 * Which files are trained on, validated on and left out: one rule for all kinds of data.
 *
 * A folder below `source` that is called by one of `splitWords` (`train`, `val`, `valid`, `dev`, `eval`, `test`, …) says it of all that is in it, the outermost of several. Elsewhere a file's name does, without its endings and
 * numbers: where it is such a word, ends in one (`fineweb_val_000000.bin`), or begins with one and another file's begins with
 * `train` (`val_pile.bin` beside `train_pile.bin`). A word in the middle says nothing (`a-test-of-courage.txt`).
 *
 * Test files are validated on where no others are, else left out. A file that is given by itself is trained on.
 */
export function splitFiles(source: string, paths: readonly string[]): FileSplit {
  if (paths.length === 1 && paths[0] === source) return { train: paths, validation: [], leftOut: [] };
  const inside = new Map(paths.map((path) => [path, relative(source, path).split(sep)]));
  const wordsBegin = paths.some((path) => partCalled(wordsOf(path)[0] ?? "") === "train");
  const partOf = (path: string): Part => {
    const folders = inside.get(path)?.slice(0, -1) ?? [];
    const byFolder = folders.flatMap((folder) => (folder === ".." ? [] : (partCalled(folder) ?? [])))[0];
    return byFolder ?? partOfName(path, wordsBegin) ?? "train";
  };
  const of = (part: Part): string[] => paths.filter((path) => partOf(path) === part);
  const [train, validation, test] = [of("train"), of("validation"), of("test")];
  return validation.length > 0
    ? { train, validation, leftOut: test }
    : { train, validation: test, leftOut: [] };
}

function partOfName(path: string, wordsBegin: boolean): Part | undefined {
  const words = wordsOf(path);
  return partCalled(words.at(-1) ?? "") ?? (wordsBegin ? partCalled(words[0] ?? "") : undefined);
}

/** The words of a file's name without its endings and the numbers behind them: `val-00000-of-00001.parquet` is `val`. */
const wordsOf = (path: string): string[] =>
  basename(path)
    .replace(/\.[^.]*(\.gz)?$/i, "")
    .replace(/([-_. ]+(\d+|of|part|shard)|\d+)+$/i, "")
    .split(/[^\p{L}]+/u)
    .filter((word) => word !== "");
