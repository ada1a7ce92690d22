import { readFileSync } from "node:fs";
import { brotliCompressSync, gzipSync } from "node:zlib";
import type { ImageSplit } from "@steepest/models";
import { type LoadOptions, loadData } from "@steepest/models/node";
import fc from "fast-check";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { decompressor } from "../src/data/parquet/decompress.ts";
import { parquetTexts } from "../src/data/parquet/parquetTexts.ts";
import { cifarBatch, counting, fixture, idxFile, shardFile, testFolder } from "./dataFiles.ts";
import { type Damage, flip, fuzz, spike } from "./fuzz.ts";

/*
 * Every reader, given damaged files: an error that says so or data that is whole, and never much memory. A file that
 * happens to stay valid (a pixel changed) may be read.
 */

const folder = testFolder();

let before = 0;
beforeAll(() => {
  before = process.resourceUsage().maxRSS;
});
afterAll(() => {
  // KiB. The files are of a few kilobytes; a count believed would cost gigabytes.
  expect(process.resourceUsage().maxRSS - before).toBeLessThan(600_000);
});

function expectWhole({ count, shape, classes, pixels, labels }: ImageSplit): void {
  expect(pixels.length).toBe(shape.reduce((a, b) => a * b, count));
  expect(labels.length).toBe(count);
  expect(labels.every((label) => label < classes)).toBe(true);
}

async function expectImages(path: string, options: LoadOptions = {}): Promise<void> {
  const data = await loadData(path, options);
  if (data.kind !== "images") throw new Error(data.kind);
  expectWhole(data.train);
  expectWhole(data.test);
}

describe("idx", () => {
  const images = idxFile([6, 4, 4], counting(96));
  const labels = idxFile([6], [0, 1, 2, 0, 1, 2]);
  const reading = (part: string) => async () => expectImages(folder.path(part));
  beforeAll(async () => {
    for (const part of ["images", "labels", "zipped"]) {
      await folder.write(`${part}/train-images-idx3-ubyte`, images);
      await folder.write(`${part}/train-labels-idx1-ubyte`, labels);
      await folder.write(`${part}/t10k-images-idx3-ubyte`, images);
      await folder.write(`${part}/t10k-labels-idx1-ubyte`, labels);
    }
  });
  test("images", () => fuzz(folder, images, "images/train-images-idx3-ubyte", reading("images"), 150));
  test("labels", () => fuzz(folder, labels, "labels/train-labels-idx1-ubyte", reading("labels"), 150));
  test("gzip", () =>
    fuzz(folder, gzipSync(images), "zipped/train-images-idx3-ubyte", reading("zipped"), 200));
});

test("CIFAR-10", async () => {
  await folder.write("cifar/test_batch.bin", cifarBatch(1));
  const read = () => expectImages(folder.path("cifar"), { partial: true });
  await fuzz(folder, cifarBatch(3), "cifar/data_batch_1.bin", read, 100);
});

describe("image files", () => {
  const noise = Uint8Array.from({ length: 24 * 20 * 3 }, (_, i) => (i * i * 31 + (i >> 3)) % 256);
  const image = sharp(noise, { raw: { width: 24, height: 20, channels: 3 } });
  test.each(["png", "jpeg", "webp"] as const)("%s", async (format) => {
    const good = await image.clone().toFormat(format, { progressive: true }).toBuffer();
    for (const name of ["a/1", "a/2", "b/1", "b/2"]) await folder.write(`${format}/${name}.${format}`, good);
    const read = () => expectImages(folder.path(format), { imageSize: 8 });
    await fuzz(folder, good, `${format}/b/2.${format}`, read, 300);
  });
});

test("token shards", () =>
  fuzz(
    folder,
    shardFile(counting(100)),
    "fuzz.bin",
    async (path) => {
      const data = await loadData(path);
      if (data.kind !== "tokens") throw new Error(data.kind);
      for (const part of [data.train, data.validation]) {
        expect(part.read(0, part.length).every((token) => token < data.vocabSize)).toBe(true);
      }
    },
    150,
  ));

describe("Parquet", () => {
  async function expectTexts(path: string): Promise<void> {
    let rows = 0;
    for await (const text of parquetTexts(path)) {
      expect(typeof text).toBe("string");
      expect(++rows).toBeLessThan(100_000);
    }
  }
  const names = ["snappy", "zstd", "gzip-v2", "brotli", "plain"];
  test.each(names)("%s", (name) =>
    fuzz(folder, readFileSync(fixture(`${name}.parquet`)), `${name}.parquet`, expectTexts, 100),
  );

  // Half of a small file is footer, and damage there stops everything: here it is left whole.
  test.each(names)("the pages of %s", (name) => {
    const good = readFileSync(fixture(`${name}.parquet`));
    const pages = good.length - 8 - good.readUInt32LE(good.length - 8);
    const within = (damage: Damage) => (bytes: Buffer) => {
      damage(bytes.subarray(4, pages));
      return bytes;
    };
    return fuzz(folder, good, `${name}.parquet`, expectTexts, 150, fc.oneof(flip, spike).map(within));
  });
});

describe("compression", () => {
  const whole = readFileSync(fixture("page.txt"));
  test.each([
    ["SNAPPY", readFileSync(fixture("snappy.page"))],
    ["ZSTD", readFileSync(fixture("zstd.page"))],
    ["GZIP", gzipSync(whole)],
    ["BROTLI", brotliCompressSync(whole)],
  ])("%s", async (codec, good) => {
    const decompress = await decompressor(codec, "page");
    expect(whole.equals(decompress(good, whole.length))).toBe(true);
    await fuzz(
      folder,
      good,
      "page",
      async (path) => {
        expect(decompress(readFileSync(path), whole.length)).toHaveLength(whole.length);
      },
      300,
    );
  });

  test("a snappy literal of negative length", async () => {
    // A length of −5 would lead back to the tag itself.
    const bytes = Uint8Array.of(10, 0xfc, 0xfa, 0xff, 0xff, 0xff, 0, 0, 0, 0);
    const unsnappy = await decompressor("SNAPPY", "x");
    expect(() => unsnappy(bytes, 10)).toThrow(/x is damaged \(SNAPPY: snappy data hold more than 10/);
  });
});
