import { type ImageSplit, imageDataset, toImageBatch } from "@steepest/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { leakedBuffers } from "#test-support/liveBuffers.ts";
import { drawImageChange, sourcePositions } from "../src/data/images/augmentation.ts";
import { permutation } from "../src/random/permutation.ts";
import { counting, problem } from "./dataFiles.ts";

/** Image i has pixels i·size, i·size + 1, … (mod 256) and label i mod 3. */
function split(count: number, shape: ImageSplit["shape"] = [1, 2, 3]): ImageSplit {
  const size = shape.reduce((a, b) => a * b);
  return {
    count,
    shape,
    classes: 3,
    pixels: Uint8Array.from(counting(count * size)),
    labels: Uint8Array.from(counting(count), (i) => i % 3),
  };
}

type Options = Parameters<typeof imageDataset>[0];
const dataset = (change: Partial<Options> = {}) =>
  imageDataset({ train: split(10), test: split(5), batchSize: 3, ...change });

/** Normalised pixels as the bytes they were. */
function bytes(
  images: Float32Array,
  { mean, deviation }: ReturnType<typeof imageDataset>["normalisation"],
): number[] {
  return [...images].map((x) => Math.abs(Math.round(255 * (x * (deviation[0] ?? NaN) + (mean[0] ?? NaN)))));
}

describe("imageDataset", () => {
  test("pixels are normalised by mean and deviation of the training split, by channel", () => {
    const train = split(40, [3, 2, 2]);
    const { normalisation, trainBatch } = imageDataset({ train, test: train, batchSize: 40 });
    const { images, imagesShape } = trainBatch(0);
    expect(imagesShape).toEqual([40, 3, 2, 2]);
    for (const channel of [0, 1, 2]) {
      const own = [...images].filter((_, i) => Math.floor(i / 4) % 3 === channel);
      const mean = own.reduce((sum, x) => sum + x, 0) / own.length;
      const variance = own.reduce((sum, x) => sum + x * x, 0) / own.length;
      // float32, 160 terms of size 1
      expect(mean).toBeCloseTo(0, 5);
      expect(variance).toBeCloseTo(1, 5);
      const raw = [...train.pixels].filter((_, i) => Math.floor(i / 4) % 3 === channel).map((x) => x / 255);
      expect(normalisation.mean[channel]).toBeCloseTo(raw.reduce((sum, x) => sum + x) / raw.length, 12);
    }
    const flat = { ...train, pixels: train.pixels.map(() => 7) };
    expect(imageDataset({ train: flat, test: flat, batchSize: 1 }).trainBatch(0).images[0]).toBe(0);
  });

  test("an epoch visits each image at most once, another one in another order", () => {
    const { stepsPerEpoch, trainBatch, normalisation } = dataset();
    expect(stepsPerEpoch).toBe(3);
    const firstPixels = (epoch: number): number[] =>
      [0, 1, 2].flatMap((i) => {
        const { images } = trainBatch(3 * epoch + i);
        return bytes(images, normalisation).filter((_, k) => k % 6 === 0);
      });
    for (const epoch of [0, 1, 2]) {
      expect(new Set(firstPixels(epoch)).size).toBe(9);
      expect(firstPixels(epoch).every((pixel) => pixel % 6 === 0 && pixel < 60)).toBe(true);
    }
    expect(firstPixels(0)).not.toEqual(firstPixels(1));
  });

  test("labels go with their images", () => {
    const { trainBatch, normalisation } = dataset();
    for (const step of counting(12)) {
      const { images, labels } = trainBatch(step);
      const pixels = bytes(images, normalisation);
      labels.forEach((label, row) => {
        expect(label).toBe(((pixels[6 * row] ?? NaN) / 6) % 3);
      });
    }
  });

  test("a batch is a function of seed and step, whatever was asked for before", () => {
    const augment = { flip: true, translate: 1 };
    const [a, b] = [dataset({ seed: 4, augment }), dataset({ seed: 4, augment })];
    for (const step of [0, 7, 3]) a.trainBatch(step);
    expect(a.trainBatch(5)).toEqual(b.trainBatch(5));
    expect(a.trainBatch(5)).not.toEqual(a.trainBatch(6));
    expect(a.trainBatch(5)).not.toEqual(dataset({ seed: 5, augment }).trainBatch(5));
  });

  test("test batches: all images in order, as they are", () => {
    const { testBatches, normalisation } = dataset({ augment: { flip: true, translate: 1 } });
    const batches = [...testBatches()];
    expect(batches.map(({ imagesShape }) => imagesShape[0])).toEqual([3, 2]);
    expect(batches.flatMap(({ images }) => bytes(images, normalisation))).toEqual(counting(30));
    expect(batches.flatMap(({ labels }) => [...labels])).toEqual([0, 1, 2, 0, 1]);
    expect([...testBatches(5)].map(({ imagesShape }) => imagesShape)).toEqual([[5, 1, 2, 3]]);
  });

  test("mistakes", () => {
    expect(() => dataset({ batchSize: 0 })).toThrow(/batchSize must be a positive integer; got 0/);
    expect(() => dataset({ seed: -1 })).toThrow(/seed must be an integer/);
    expect(() => dataset().trainBatch(0.5)).toThrow(/step must be 0, 1, 2/);
    expect(() => dataset({ augment: { translate: 2 } })).toThrow(
      /translate must be 0 … 1 for images of 2 × 3; got 2/,
    );
    const failing = (change: Partial<Options>): unknown => {
      try {
        return dataset(change);
      } catch (error) {
        return error;
      }
    };
    expect(failing({ batchSize: 11 })).toEqual(
      problem("tooShort", /has 10 training images, fewer than a batch of 11/),
    );
    expect(failing({ test: split(5, [1, 3, 2]), source: "x" })).toEqual(
      problem("damaged", /x: training images are \[1,2,3\] .* test images \[1,3,2\]/),
    );
  });

  test("as jax-js arrays", async () => {
    const rows = dataset().trainBatch(1);
    const { images, labels } = toImageBatch(rows);
    expect([images.shape, images.dtype, labels.shape, labels.dtype]).toEqual([
      [3, 1, 2, 3],
      "float32",
      [3],
      "int32",
    ]);
    expect([...images.dataSync()]).toEqual([...rows.images]);
    expect([...labels.dataSync()]).toEqual([...rows.labels]);
    const work = (): void => {
      const batch = toImageBatch(rows);
      batch.images.dispose();
      batch.labels.dispose();
    };
    expect(await leakedBuffers(work)).toBe(0);
  });
});

describe("augmentation", () => {
  test("reflect does not repeat the edge, zero leaves a gap", () => {
    expect([...sourcePositions(4, 2, "reflect")]).toEqual([2, 1, 0, 1]);
    expect([...sourcePositions(4, -2, "reflect")]).toEqual([2, 3, 2, 1]);
    expect([...sourcePositions(4, 1, "zero")]).toEqual([-1, 0, 1, 2]);
    expect([...sourcePositions(4, 0, "zero")]).toEqual([0, 1, 2, 3]);
  });

  test("each image is one of its flipped and moved versions, all of them about equally often", () => {
    const single = split(1, [1, 2, 3]);
    const { trainBatch, normalisation } = imageDataset({
      train: single,
      test: single,
      batchSize: 1,
      augment: { flip: true, translate: 1 },
    });
    // By hand: the rows 0 1 2 / 3 4 5, flipped or not, then moved by one of 3 × 3, all with probability 1/18; some look
    // alike.
    const expected = new Map<string, number>();
    const draws = 3000;
    for (const flip of [false, true]) {
      for (const lines of ["10", "01", "10"]) {
        for (const columns of ["101", "012", "121"]) {
          const picture = [...lines].flatMap((y) =>
            [...columns].map((x) => 3 * Number(y) + (flip ? 2 - Number(x) : Number(x))),
          );
          expected.set(picture.join(), (expected.get(picture.join()) ?? 0) + draws / 18);
        }
      }
    }
    const seen = new Map<string, number>();
    for (const step of counting(draws)) {
      const picture = bytes(trainBatch(step).images, normalisation).join();
      seen.set(picture, (seen.get(picture) ?? 0) + 1);
    }
    expect(new Set(seen.keys())).toEqual(new Set(expected.keys()));
    // five standard deviations of a binomial
    for (const [picture, times] of expected) {
      expect(Math.abs((seen.get(picture) ?? 0) - times)).toBeLessThan(5 * Math.sqrt(times));
    }
  });

  test("the alternating flip shows each image from the other side in the next epoch, half of them flipped first", () => {
    let flipped = 0;
    for (const image of counting(1000)) {
      const flipOf = (epoch: number, step: number): boolean =>
        drawImageChange({ flip: "alternate" }, { seed: 1, step, row: step % 7, epoch, image }).flip;
      expect(flipOf(1, 50)).toBe(!flipOf(0, 3));
      expect(flipOf(2, 100)).toBe(flipOf(0, 3));
      if (flipOf(0, 3)) flipped++;
    }
    expect(Math.abs(flipped - 500)).toBeLessThan(5 * Math.sqrt(250));
  });

  test("zero padding is 0 after normalisation", () => {
    const one = split(1, [1, 2, 2]);
    const { trainBatch } = imageDataset({
      train: one,
      test: one,
      batchSize: 1,
      augment: { translate: 1, padding: "zero" },
    });
    const zeros = counting(200).map((step) => [...trainBatch(step).images].filter((x) => x === 0).length);
    expect(new Set(zeros)).toEqual(new Set([0, 2, 3])); // still, moved along one axis, along both
  });
});

test("permutation: every number once, all orders about equally often", () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(), fc.integer({ min: 0, max: 200 }), (seed, epoch, count) => {
      expect([...permutation(seed, epoch, count)].sort((a, b) => a - b)).toEqual(counting(count));
    }),
  );
  const orders = new Map<string, number>();
  for (const epoch of counting(6000)) {
    const key = permutation(3, epoch, 3).join();
    orders.set(key, (orders.get(key) ?? 0) + 1);
  }
  expect(orders.size).toBe(6);
  for (const times of orders.values()) expect(Math.abs(times - 1000)).toBeLessThan(5 * Math.sqrt(1000));
});
