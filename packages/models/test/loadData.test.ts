import { createHash } from "node:crypto";
import { readFile, symlink } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import type { LoadedData } from "@steepest/models";
import { dataNames, loadData, readTextFile, readTokenizer } from "@steepest/models/node";
import { describe, expect, test } from "vitest";
import { missingSet } from "../src/data/named/missingPath.ts";
import { namedData } from "../src/data/named/namedData.ts";
import { cifarBatch, counting, fixture, idxFile, problem, shardFile, testFolder } from "./dataFiles.ts";

const folder = testFolder();

/** The data, of this kind. */
async function loading<K extends LoadedData["kind"]>(
  kind: K,
  ...args: Parameters<typeof loadData>
): Promise<Extract<LoadedData, { kind: K }>> {
  const data = await loadData(...args);
  const is = (d: LoadedData): d is Extract<LoadedData, { kind: K }> => d.kind === kind;
  if (!is(data)) throw new Error(`got ${data.kind}`);
  return data;
}

describe("texts", () => {
  test("the default text and a file, with the checksum of their characters", async () => {
    const { text, sha256 } = await loading("text", "moby-dick");
    expect(text).toContain("Call me Ishmael.");
    expect(sha256).toBe(createHash("sha256").update(text).digest("hex"));
    const path = await folder.write("whale.txt", "Ahab’s whale");
    expect(await loading("text", path)).toEqual({
      kind: "text",
      split: "the last tenth of the text is validated on, the rest is trained on",
      text: "Ahab’s whale",
      source: path,
      sha256: createHash("sha256").update("Ahab’s whale").digest("hex"),
    });
  });

  test("a folder: sorted by path, joined by an empty line, hidden files left out", async () => {
    await folder.write("texts/b.txt", "second");
    await folder.write("texts/c/a.md", "third");
    await folder.write("texts/a.txt", "first");
    await folder.write("texts/.hidden", "no");
    expect((await loading("text", folder.path("texts"))).text).toBe("first\n\nsecond\n\nthird");
  });

  test("links to files are followed, links to folders are not", async () => {
    await folder.write("blobs/a", "linked");
    await folder.write("links/b.txt", "own");
    await symlink(folder.path("blobs/a"), folder.path("links/a.txt"));
    await symlink(folder.path("links"), folder.path("links/c"));
    await symlink(folder.path("nowhere"), folder.path("links/d"));
    expect((await loading("text", folder.path("links"))).text).toBe("linked\n\nown");
  });

  test("a path that is not here is looked for in the data folders", async () => {
    await folder.write("sets/poems/a.txt", "poem");
    expect(await loading("text", "poems/a.txt")).toMatchObject({
      text: "poem",
      source: folder.path("sets/poems/a.txt"),
    });
  });

  test("a file in a folder that is no text is named", async () => {
    await folder.write("mixed/a.txt", "text");
    await folder.write("mixed/b.png", Uint8Array.of(0x89, 0x50));
    await expect(loadData(folder.path("mixed"))).rejects.toEqual(problem("notText", /b\.png is not UTF-8/));
  });
});

describe("images", () => {
  const images = { "2": idxFile([2, 2, 3], counting(12)), "1": idxFile([1, 2, 3], counting(6, 100)) };
  const labels = { "2": idxFile([2], [3, 1]), "1": idxFile([1], [2]) };

  test("idx files, gzip or not, however they are named", async () => {
    await folder.write("idx/train-images-idx3-ubyte.gz", gzipSync(images[2]));
    await folder.write("idx/train-labels.idx1-ubyte", labels[2]);
    await folder.write("idx/t10k-images-idx3-ubyte", images[1]);
    await folder.write("idx/test-labels-idx1-ubyte.gz", gzipSync(labels[1]));
    const { train, test, sha256 } = await loading("images", folder.path("idx"));
    expect(train).toMatchObject({ count: 2, shape: [1, 2, 3], classes: 4 });
    expect([...train.pixels]).toEqual(counting(12));
    expect([...train.labels]).toEqual([3, 1]);
    expect(test).toMatchObject({ count: 1, shape: [1, 2, 3], classes: 4 });
    expect([...test.pixels]).toEqual(counting(6, 100));

    // The checksum is of the content: the same without compression, another with another label.
    await folder.write("idx2/train-images-idx3-ubyte", images[2]);
    await folder.write("idx2/train-labels-idx1-ubyte", labels[2]);
    await folder.write("idx2/t10k-images-idx3-ubyte", images[1]);
    await folder.write("idx2/t10k-labels-idx1-ubyte", labels[1]);
    expect((await loading("images", folder.path("idx2"))).sha256).toBe(sha256);
    await folder.write("idx2/t10k-labels-idx1-ubyte", idxFile([1], [0]));
    expect((await loading("images", folder.path("idx2"))).sha256).not.toBe(sha256);
  });

  test("idx files that do not go together", async () => {
    const set = (name: string, files: Record<string, Uint8Array>) =>
      Promise.all(
        Object.entries({
          "train-images-idx3-ubyte": images[2],
          "train-labels-idx1-ubyte": labels[2],
          "t10k-images-idx3-ubyte": images[1],
          "t10k-labels-idx1-ubyte": labels[1],
          ...files,
        }).map(([file, bytes]) => folder.write(`${name}/${file}`, bytes)),
      );
    const failing = async (name: string, files: Record<string, Uint8Array>, message: RegExp) => {
      await set(name, files);
      await expect(loadData(folder.path(name))).rejects.toEqual(problem("damaged", message));
    };
    await failing("bad1", { "train-labels-idx1-ubyte": labels[1] }, /labels are \[1\] .* expected \[2\]/);
    await failing(
      "bad2",
      { "t10k-labels-idx1-ubyte": idxFile([1], [4]) },
      /image 0 has label 4, expected 0 … 3/,
    );
    await failing(
      "bad3",
      { "train-images-idx3-ubyte": images[2].subarray(1) },
      /no idx file, which begins with two zero bytes: get/,
    );
    await failing(
      "bad4",
      { "train-images-idx3-ubyte": images[2].subarray(0, 20) },
      /has 20 bytes, .* says 28/,
    );
    await failing(
      "bad5",
      { "train-images-idx3-ubyte": idxFile([2, 6], counting(12)) },
      /expected \[count, height/,
    );
    await failing("bad6", { "train-images-idx3-ubyte": idxFile([0, 2, 3], []) }, /expected \[count, height/);
    await failing(
      "bad7",
      { "train-images-idx3-ubyte": gzipSync(images[2]).subarray(0, -9) },
      /is damaged \(.*\): get the file again/,
    );
    await failing(
      "bad8",
      { "train-images-idx3-ubyte": gzipSync(idxFile([2 ** 31, 2, 3], counting(12))) },
      /says 12884901904 bytes, which \d+ of gzip cannot hold/,
    );
    await set("bad9", { "train-images-idx3-ubyte": idxFile([2, 2, 3], counting(12), 13) });
    await expect(loadData(folder.path("bad9"))).rejects.toEqual(problem("unsupported", /has idx type 13/));
  });

  test("a gzip bomb is only inflated as far as its header says", async () => {
    const zeros = gzipSync(new Uint8Array(2 ** 24), { level: 9 });
    const member = gzipSync(idxFile([2, 2, 3], counting(12)));
    // A gzip file may have several members: 1 GiB from 1 MiB.
    await folder.write("bomb/train-images-idx3-ubyte.gz", Buffer.concat([member, ...Array(64).fill(zeros)]));
    const before = process.resourceUsage().maxRSS;
    await expect(loadData(folder.path("bomb"))).rejects.toEqual(
      problem("damaged", /train-images.* is damaged/),
    );
    expect(process.resourceUsage().maxRSS - before).toBeLessThan(200_000); // KiB; all of it would be 1,048,576
  });

  test("CIFAR-10, batches in order; a part of it only where that is asked for", async () => {
    for (const i of [1, 2, 3, 4, 5]) await folder.write(`cifar/data_batch_${i}.bin`, cifarBatch(i));
    await folder.write("cifar/test_batch.bin", cifarBatch(2));
    const lines: string[] = [];
    const report = (line: string) => lines.push(line);
    const { train, test } = await loading("images", folder.path("cifar"), { partial: true, report });
    expect(train).toMatchObject({ count: 15, shape: [3, 32, 32], classes: 10 });
    expect([...train.labels]).toEqual([0, 0, 1, 0, 1, 2, 0, 1, 2, 3, 0, 1, 2, 3, 4]);
    expect(train.classNames?.[4]).toBe("deer");
    expect([...train.pixels.subarray(14 * 3072, 14 * 3072 + 3)]).toEqual([255, 4, 4]);
    expect(test.count).toBe(2);
    expect(lines).toEqual([
      expect.stringMatching(/cifar: 15 training and 2 test images of 3 × 32 × 32 in 10 classes, as they are/),
    ]);
    await expect(loadData(folder.path("cifar"))).rejects.toEqual(
      problem(
        "damaged",
        /data_batch_1\.bin has 1 images, and a batch of CIFAR-10 has 10000: get the file again/,
      ),
    );
  });

  test("CIFAR-10 whole by path; by name every pixel and label must be the published one", async () => {
    const batch = cifarBatch(10_000);
    for (const i of [1, 2, 3, 4, 5]) await folder.write(`sets/cifar10/data_batch_${i}.bin`, batch);
    await folder.write("sets/cifar10/test_batch.bin", batch);
    const { train, sha256 } = await loading("images", folder.path("sets/cifar10"));
    expect(train.count).toBe(50_000);
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    await expect(loadData("cifar10")).rejects.toEqual(
      problem(
        "damaged",
        /data_batch_1\.bin is not that file of cifar10 as it was published .* To get it again: it is CIFAR-10, .*kriz\/cifar\.html: mkdir/,
      ),
    );
    await folder.write("sets/cifar10/data_batch_4.bin", batch.subarray(0, -3073)); // cut at the end of a record
    await expect(loadData("cifar10")).rejects.toEqual(
      problem("damaged", /data_batch_4\.bin has 9999 images/),
    );
  });

  test("CIFAR-10 damaged or incomplete", async () => {
    await folder.write("c/data_batch_1.bin", cifarBatch(2).subarray(1));
    await expect(loadData(folder.path("c"))).rejects.toEqual(
      problem(
        "missing",
        /no file data_batch_2\.bin, .*, data_batch_5\.bin, test_batch\.bin: unpack the whole/,
      ),
    );
    const part = { partial: true };
    await expect(loadData(folder.path("c"), part)).rejects.toEqual(
      problem("missing", /no file test_batch\.bin/),
    );
    await folder.write("c/test_batch.bin", cifarBatch(1));
    await expect(loadData(folder.path("c"), part)).rejects.toEqual(
      problem("damaged", /data_batch_1\.bin has 6145 bytes, which is no multiple of the 3073/),
    );
    await folder.write("c/data_batch_1.bin", cifarBatch(2).fill(10, 3073, 3074));
    await expect(loadData(folder.path("c"), part)).rejects.toEqual(
      problem("damaged", /data_batch_1\.bin: image 1 has label 10, expected 0 … 9/),
    );
  });

  test("a named set that is not as it was published", async () => {
    await folder.write("sets/mnist/train-images-idx3-ubyte.gz", gzipSync(images[2]));
    await folder.write("sets/mnist/train-labels-idx1-ubyte", labels[2]);
    await folder.write("sets/mnist/t10k-images-idx3-ubyte", images[1]);
    await folder.write("sets/mnist/t10k-labels-idx1-ubyte", labels[1]);
    await expect(loadData("mnist")).rejects.toEqual(
      problem(
        "damaged",
        /train-images-idx3-ubyte\.gz is not that file of mnist as it was published \(sha256/,
      ),
    );
    expect((await loading("images", folder.path("sets/mnist"))).train.count).toBe(2); // a set of one's own
  });
});

describe("token shards", () => {
  test("one file: the last tenth is for validation", async () => {
    const path = await folder.write("one.bin", shardFile(counting(1000)));
    const { train, validation, vocabSize } = await loading("tokens", path);
    expect([train.length, validation.length, vocabSize]).toEqual([900, 100, 50257]);
    expect([...train.read(0, 3)]).toEqual([0, 1, 2]);
    expect([...validation.read(97, 100)]).toEqual([997, 998, 999]);
    expect([...((await validation.readLater?.(0, 2)) ?? [])]).toEqual([900, 901]);
  });

  test("a folder or a pattern: files with val in their name are for validation", async () => {
    await folder.write("shards/web_train_000002.bin", shardFile(counting(5, 10)));
    await folder.write("shards/web_train_000001.bin", shardFile(counting(10)));
    await folder.write("shards/web_val_000000.bin", shardFile(counting(4, 60000)));
    const data = await loading("tokens", folder.path("shards"));
    expect([...data.train.read(0, 15)]).toEqual(counting(15));
    expect([...data.validation.read(1, 3)]).toEqual([60001, 60002]);
    expect(data.vocabSize).toBe(60004);
    const part = await loading("tokens", folder.path("shards/*train_00000?.bin"), { validationShare: 0.2 });
    expect([part.train.length, part.validation.length]).toEqual([12, 3]);
    expect(part.sha256).not.toBe(data.sha256);
    await expect(loadData(folder.path("shards/*test*.bin"))).rejects.toEqual(problem("missing", /no file/));
    await expect(loadData(folder.path("shards/*val*.bin"))).rejects.toEqual(
      problem("missing", /no training shards, only 1/),
    );
  });

  test("damaged shards", async () => {
    const failing = async (bytes: Uint8Array, expected: ReturnType<typeof problem>) =>
      expect(loadData(await folder.write("bad.bin", bytes))).rejects.toEqual(expected);
    await failing(shardFile([1, 2], { magic: 20240521 }), problem("damaged", /the first of them 20240520/));
    await failing(
      shardFile([1, 2], { version: 7 }),
      problem("unsupported", /of version 7; .* 1 \(uint16\) or 7/),
    );
    await failing(
      shardFile([1, 2], { count: 3 }),
      problem("damaged", /hold 3 tokens in 1030 bytes but has 1028/),
    );
    await failing(shardFile([1, 2], { count: -2 }), problem("damaged", /hold -2 tokens/));
    await failing(shardFile([1, 2]).subarray(0, 1000), problem("damaged", /no token shard/));
    await failing(shardFile([]), problem("damaged", /hold 0 tokens/));
    const path = await folder.write("small.bin", shardFile([1, 300, 2]));
    await expect(loadData(path, { vocabSize: 256 })).rejects.toEqual(
      problem("unknownToken", /small\.bin has token 300, but the vocabulary ends at 255/),
    );
  });

  test("llm.c's version 7: ids of LLaMA 3 in four bytes", async () => {
    const bytes = new Uint8Array(1024 + 4 * 20);
    new Int32Array(bytes.buffer).set([20240801, 7, 20]);
    new Int32Array(bytes.buffer).set(counting(20, 70_000), 256);
    const { train, validation, vocabSize } = await loading("tokens", await folder.write("llama3.bin", bytes));
    expect([...train.read(0, 2), ...validation.read(0, 2)]).toEqual([70_000, 70_001, 70_018, 70_019]);
    expect(vocabSize).toBe(128256);
  });

  test("nanoGPT's files without a header; another file of that name is none", async () => {
    await folder.write("nano/train.bin", new Uint8Array(Uint16Array.from(counting(600, 49_000)).buffer));
    await folder.write("nano/val.bin", new Uint8Array(Uint16Array.of(5, 6, 7).buffer));
    const { train, validation, vocabSize } = await loading("tokens", folder.path("nano"));
    expect([train.length, ...train.read(598, 600), ...validation.read(0, 3)]).toEqual([
      600, 49_598, 49_599, 5, 6, 7,
    ]);
    expect(vocabSize).toBe(50257);
    await folder.write("weights/train.bin", new Uint8Array(Uint16Array.of(60_000, 1).buffer));
    await expect(loadData(folder.path("weights"))).rejects.toEqual(
      problem("damaged", /train\.bin is no token shard: .* would have token 60000/),
    );
  });

  test("a tokenizer that the shards were not made with", async () => {
    const path = await folder.write("made.bin", shardFile([1, 50256, 2]));
    const small = fixture("bpe.tokenizer.json");
    await expect(loadData(path, { tokenizer: small })).rejects.toEqual(
      problem("unknownToken", /made\.bin has token 50256, but the tokenizer .* ends at 339: give the one/),
    );
    expect((await loading("tokens", path, { tokenizer: "gpt2" })).tokenizer?.name).toBe("gpt2");
    expect((await loading("tokens", path, { tokenizer: "char" })).tokenizer).toBeUndefined();
  });

  test("a file that shrinks or vanishes during a run", async () => {
    const path = await folder.write("shrinking.bin", shardFile(counting(100)));
    const { train } = await loading("tokens", path);
    await folder.write("shrinking.bin", shardFile(counting(10)));
    expect(() => train.read(50, 60)).toThrow(/shrinking\.bin has become shorter/);
    await expect(train.readLater?.(50, 60)).rejects.toEqual(problem("damaged", /has become shorter/));
    expect(() => train.read(50, 91)).toThrow(RangeError);
  });
});

describe("Parquet", () => {
  test("a folder: tokenised once, in the order of the rows, an end after each text", async () => {
    const names = ["snappy.parquet", "zstd.parquet"];
    for (const name of names) await folder.write(`tables/${name}`, await readFile(fixture(name)));
    const texts: string[] = JSON.parse(await readFile(fixture("texts.json"), "utf8"));
    const expected = [...texts, ...texts].map((text) => `${text}<end>`).join("");

    const { train, validation, tokenizer, vocabSize } = await loading("tokens", folder.path("tables"));
    const ids = [...train.read(0, train.length), ...validation.read(0, validation.length)];
    expect(vocabSize).toBe(50257);
    expect(tokenizer?.name).toBe("gpt2");
    const decoded = ids.map((id) => (id === 50256 ? -1 : id)).join();
    const one = (text: string): number[] => [...(tokenizer?.encode(text) ?? []), -1];
    expect(decoded).toBe([...texts, ...texts].flatMap(one).join());
    expect(validation.length).toBe(Math.round(0.1 * ids.length));

    const characters = await loading("tokens", folder.path("tables"), { tokenizer: "char" });
    const all = [characters.train, characters.validation].flatMap((part) => [...part.read(0, part.length)]);
    expect(characters.tokenizer?.decode(all)).toBe(expected.replaceAll("<end>", "\n\n"));
  });

  test("a folder for each part, as published; a test set beside a validation set is left out", async () => {
    for (const part of ["train", "validation", "test"]) {
      await folder.write(`parts/${part}/0000.parquet`, await readFile(fixture("plain.parquet")));
    }
    await folder.write("parts/README.md", "where they are from");
    const { train, validation, split } = await loading("tokens", folder.path("parts"));
    expect(train.length).toBe(validation.length);
    expect(split).toBe(
      "trained on 1 file (train/0000.parquet), validated on 1 file (validation/0000.parquet), " +
        "left out 1 file (test/0000.parquet)",
    );
  });

  test("files with val in their name are for validation", async () => {
    await folder.write("split/train-0.parquet", await readFile(fixture("plain.parquet")));
    await folder.write("split/validation-0.parquet", await readFile(fixture("brotli.parquet")));
    const { train, validation } = await loading("tokens", folder.path("split"));
    expect(train.length).toBe(validation.length); // the same texts in both
  });
});

describe("what is not there", () => {
  test.each([
    [
      "fashion-mnist",
      /from the Debian or Ubuntu package .*: apt install dataset-fashion-mnist \(it is then found as --data fashion-mnist\)/,
    ],
    [
      "mnist",
      /70,000 grey images .*: curl .*output-dir .*sets\/mnist .*found in .*sets\/mnist as --data mnist\)/,
    ],
    ["cifar10", /kriz\/cifar\.html: mkdir -p .*sets\/cifar10 && curl .* tar -xz -C .*sets\/cifar10 --strip/],
    ["c4", /huggingface\.co\/datasets\/allenai\/c4, .*: hf download allenai\/c4 .*--local-dir .*sets\/c4 \(/],
    ["pile", /the Pile .* hf download EleutherAI\/the_pile_deduplicated .*--local-dir .*sets\/pile/],
    ["fineweb", /hf download HuggingFaceFW\/fineweb .*as --data fineweb; hf comes with pip install/],
  ])("%s says what it is, from where, and with which command", (name, says) => {
    const set = namedData[name];
    if (set === undefined) return expect.unreachable(name);
    const { message } = missingSet(name, set); // fashion-mnist is there on many machines
    expect(message).toMatch(/^\S+ is not on this machine \(looked in .*\): it is /);
    expect(message).toMatch(says);
  });

  test("which is what loading it says", async () => {
    await expect(loadData("pile")).rejects.toEqual(
      problem("missing", /^pile is not on this machine \(looked in/),
    );
  });

  test("a path with the name of a set, too", async () => {
    await expect(loadData("elsewhere/cifar-10-batches-bin")).rejects.toEqual(
      problem(
        "missing",
        /no file or folder elsewhere\/cifar-10-batches-bin\. If cifar10 is meant: it is CIFAR-10, /,
      ),
    );
  });

  test("a typo gets the nearest name", async () => {
    await expect(loadData("fasion-mnist")).rejects.toEqual(
      problem(
        "missing",
        /no file or folder fasion-mnist \(did you mean "fashion-mnist"\?\): .* moby-dick, fashion-mnist/,
      ),
    );
    await expect(loadData(folder.path("no.txt"))).rejects.toEqual(
      problem(
        "missing",
        /no file or folder .*no\.txt: give a path to text, token shards .*looked for here and in /,
      ),
    );
    expect(dataNames).toEqual(["moby-dick", "fashion-mnist", "mnist", "cifar10", "c4", "fineweb", "pile"]);
    await expect(loadData("constructor")).rejects.toEqual(
      problem("missing", /no file or folder constructor/),
    );
  });
});

test("texts that have a name, where they are", async () => {
  await folder.write("sets/c4/en/0000.parquet", await readFile(fixture("snappy.parquet")));
  await folder.write("sets/c4/.cache/notes", "of the download");
  const { source, vocabSize } = await loading("tokens", "c4");
  expect(source).toBe(`c4 (${folder.path("sets/c4")})`);
  expect(vocabSize).toBe(50257);
});

describe("texts with files for validation", () => {
  test("are not joined with the others, however short", async () => {
    await folder.write("talks/train/1.txt", "aaaa");
    await folder.write("talks/dev/1.txt", "bb");
    await folder.write("talks/test/1.txt", "cc");
    const { train, validation, tokenizer, split } = await loading("tokens", folder.path("talks"), {
      tokenizer: "char",
    });
    expect(tokenizer?.decode(train.read(0, train.length))).toBe("aaaa\n\n");
    expect(tokenizer?.decode(validation.read(0, validation.length))).toBe("bb\n\n");
    expect(split).toMatch(
      /^trained on 1 file \(train\/1\.txt\), validated on 1 file \(dev\/1\.txt\), left out 1 file/,
    );
  });

  test("one file by itself is trained on, whatever its name", async () => {
    const { split } = await loading("text", await folder.write("my-test.txt", "some text"));
    expect(split).toMatch(/^the last tenth/);
  });
});

describe("files that are given in place of text", () => {
  test.each<[string, number[] | string, RegExp]>([
    ["a.txt.gz", [0x1f, 0x8b, 8, 0], /is a gzip file: unpack it \(gunzip\)/],
    ["b.txt", [0xff, 0xfe, 0x41, 0], /is text in UTF-16: convert it/],
    ["c.txt", [0xfe, 0xff, 0, 0x41], /is text in UTF-16: convert it/],
    ["d.docx", [0x50, 0x4b, 3, 4], /is a zip file/],
    [
      "e.txt",
      "version https://git-lfs.github.com/spec/v1\noid sha256:0\n",
      /is a git-lfs pointer.*git lfs pull/,
    ],
    ["f", "PAR1", /is a Parquet file: give it a name that ends in \.parquet/],
    ["g.pdf", "%PDF-1.7", /pdftotext/],
  ])("%s", async (name, content, message) => {
    const bytes = typeof content === "string" ? content : Uint8Array.from(content);
    const path = await folder.write(`foreign/${name}`, bytes);
    await expect(loadData(path)).rejects.toEqual(problem("notText", message));
    await expect(readTextFile(path)).rejects.toEqual(problem("notText", message));
  });

  test.each(["rows.jsonl", "rows.csv", "rows.TSV"])("%s", async (name) => {
    const path = await folder.write(`rows-${name}/${name}`, '{"text": "a"}');
    await expect(loadData(path)).rejects.toEqual(problem("unsupported", /is a table by its name/));
  });
});

test("a pipe or a device is no file", async () => {
  const error = problem(
    "unreadable",
    /is no ordinary file \(a pipe or a device\): write its content to a file first/,
  );
  await expect(loadData("/dev/zero")).rejects.toEqual(error);
  await expect(readTokenizer("/dev/zero", () => [])).rejects.toEqual(error);
  await expect(readTextFile("/dev/zero")).rejects.toEqual(error);
});

test("a setting that would do nothing is refused", async () => {
  const path = await folder.write("plain.txt", "text");
  const refused = (what: RegExp) => problem("unsupported", what);
  await expect(loadData(path, { textColumn: "body" })).rejects.toEqual(
    refused(/plain\.txt is no Parquet, which textColumn is for: leave it out/),
  );
  await expect(loadData(path, { imageSize: 8 })).rejects.toEqual(
    refused(/plain\.txt is no folder of image files, which imageSize is for/),
  );
  await expect(loadData("moby-dick", { textColumn: "body" })).rejects.toEqual(
    refused(/moby-dick is no Parquet/),
  );
});
