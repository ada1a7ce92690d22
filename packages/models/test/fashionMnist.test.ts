import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { gunzipSync, gzipSync } from "node:zlib";
import { imageDataset } from "@steepest/models";
import { loadData } from "@steepest/models/node";
import { expect, test } from "vitest";
import { skipUnless } from "#test-support/skipUnless.ts";
import { problem, testFolder } from "./dataFiles.ts";

const folder = testFolder();
const debian = "/usr/share/datasets/fashion-mnist";
const installed = existsSync(`${debian}/train-images-idx3-ubyte.gz`);
skipUnless(installed, "Fashion-MNIST as published", "apt-get install dataset-fashion-mnist");

test("Fashion-MNIST as Debian packages it", async () => {
  const data = await loadData("fashion-mnist");
  if (data.kind !== "images") throw new Error(data.kind);
  const { train, test, source } = data;
  expect(source).toMatch(/^fashion-mnist \(/);
  expect(train).toMatchObject({ count: 60_000, shape: [1, 28, 28], classes: 10 });
  expect(test).toMatchObject({ count: 10_000, shape: [1, 28, 28], classes: 10 });
  for (const { labels, count } of [train, test]) {
    const counts = Array.from({ length: 10 }, (_, k) => labels.filter((label) => label === k).length);
    expect(counts).toEqual(Array(10).fill(count / 10)); // the set is balanced
  }
  expect(train.classNames?.[train.labels[0] ?? -1]).toBe("Ankle boot"); // its first image, known from its paper
  // Of the content, so that an archive packed otherwise is the same set.
  expect(data.sha256).toBe("a47ad588ed4b57e075b8760cbacc44be763f3ebcafd2daa01af8fa6c7fa83939");

  const { normalisation, stepsPerEpoch, trainBatch, testBatches } = imageDataset({ ...data, batchSize: 500 });
  // The values that are usually written into programs.
  expect(normalisation.mean[0]).toBeCloseTo(0.286, 4);
  expect(normalisation.deviation[0]).toBeCloseTo(0.353, 4);
  expect(stepsPerEpoch).toBe(120);
  expect(trainBatch(0).imagesShape).toEqual([500, 1, 28, 28]);
  let images = 0;
  for (const { labels } of testBatches()) images += labels.length;
  expect(images).toBe(10_000);
});

test("one pixel or label of it that has changed is found, and the file named", async () => {
  const files = new Map<string, Buffer>();
  for (const name of await readdir(debian)) files.set(name, await readFile(`${debian}/${name}`));
  for (const [name, bytes] of files) await folder.write(`sets/fashion-mnist/${name}`, bytes);
  for (const [name, at] of [
    ["t10k-labels-idx1-ubyte.gz", 500],
    ["train-images-idx3-ubyte.gz", 1_000_000],
  ] as const) {
    const good = files.get(name) ?? Buffer.of();
    const content = gunzipSync(good);
    content[at] = (content[at] ?? 0) ^ 1; // still a label below 10
    await folder.write(`sets/fashion-mnist/${name}`, gzipSync(content, { level: 0 }));
    await expect(loadData("fashion-mnist")).rejects.toEqual(
      problem(
        "damaged",
        new RegExp(`${name} is not that file of fashion-mnist as it was published .* apt install`),
      ),
    );
    await folder.write(`sets/fashion-mnist/${name}`, gzipSync(gunzipSync(good), { level: 0 })); // packed otherwise
  }
  const whole = await loadData("fashion-mnist");
  expect(whole.kind).toBe("images");
  expect(whole.source).toContain(folder.path("sets/fashion-mnist"));
});
