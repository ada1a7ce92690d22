import { describe, expect, test } from "vitest";
import { describeSplit } from "../src/data/describeSplit.ts";
import { splitFiles } from "../src/data/splitFiles.ts";

const of = (...files: string[]) => {
  const { train, validation, leftOut } = splitFiles(
    "set",
    files.map((file) => `set/${file}`),
  );
  return [train, validation, leftOut].map((part) => part.map((path) => path.slice(4)).join(" "));
};

describe("names of folders", () => {
  test.each(["val", "valid", "validation", "dev", "eval", "evaluation", "Validation", "TESTS", "testing"])(
    "%s is validated on",
    (name) => {
      expect(of("train/0.parquet", `${name}/0.parquet`)).toEqual([
        "train/0.parquet",
        `${name}/0.parquet`,
        "",
      ]);
      expect(of("en/0.txt", `en/${name}/a/0.txt`)).toEqual(["en/0.txt", `en/${name}/a/0.txt`, ""]);
    },
  );

  test("a test set is left out beside a validation set, else validated on", () => {
    expect(of("train/0.bin", "dev/0.bin", "test/0.bin")).toEqual(["train/0.bin", "dev/0.bin", "test/0.bin"]);
    expect(of("train/0.bin", "test/0.bin")).toEqual(["train/0.bin", "test/0.bin", ""]);
  });

  test("the outermost folder decides, and before the file", () => {
    expect(of("train/val.txt", "train/test/1.txt", "val/train/1.txt")).toEqual([
      "train/val.txt train/test/1.txt",
      "val/train/1.txt",
      "",
    ]);
  });

  test("the folder that was asked for, and those above, say nothing", () => {
    expect(splitFiles("a/test", ["a/test/1.txt", "a/test/2.txt"]).train).toHaveLength(2);
  });
});

describe("names of files", () => {
  test.each([
    "fineweb_val_000000.bin",
    "val.bin",
    "Validation-00000-of-00001.parquet",
    "x-test.txt",
    "test-00001-of-00002.parquet",
    "data.dev.parquet",
    "valid0.txt",
    "corpus_eval_part_3.parquet",
  ])("%s is held out", (name) => {
    expect(of("a.txt", name)).toEqual(["a.txt", name, ""]);
  });

  test.each([
    "a-test-of-courage.parquet",
    "test-of-courage.parquet",
    "medieval.parquet",
    "intervals_train_1.bin",
    "latest.txt",
    "proof.txt",
    "web_train_000001.bin",
    "the-devil.txt",
    "evaluation of soils.txt",
  ])("%s is trained on", (name) => {
    expect(of("a.txt", name)).toEqual([`a.txt ${name}`, "", ""]);
  });

  test("the first word counts where another file begins with train", () => {
    expect(of("train_pile_1.bin", "val_pile_1.bin")).toEqual(["train_pile_1.bin", "val_pile_1.bin", ""]);
    expect(of("pile_1.bin", "val_pile_1.bin")).toEqual(["pile_1.bin val_pile_1.bin", "", ""]);
  });
});

test("a file by itself is trained on", () => {
  expect(splitFiles("a/val.bin", ["a/val.bin"]).train).toEqual(["a/val.bin"]);
});

test("the description says a few names, and what is validated on otherwise", () => {
  const files = [1, 2, 3, 4].map((i) => `set/${i}.txt`);
  expect(describeSplit("set", splitFiles("set", files), "the last 7 tokens")).toBe(
    "trained on 4 files (1.txt, 2.txt, 3.txt, …), validated on the last 7 tokens",
  );
});
