import { numpy as np } from "@jax-js/jax";
import { counterRandom } from "../../random/counterRandom.ts";
import { permutation } from "../../random/permutation.ts";
import { DataError } from "../dataError.ts";
import { expectPositive } from "../expectPositive.ts";
import { expectStep } from "../expectStep.ts";
import { type Augmentation, drawImageChange, sourcePositions } from "./augmentation.ts";
import type { ImageSplit } from "./imageSplit.ts";
import { type Normalisation, pixelNormalisation } from "./pixelNormalisation.ts";

/** Normalised images, row-major, and their labels. Plain data, for any engine. */
export interface ImageRows {
  readonly imagesShape: readonly [batch: number, channels: number, height: number, width: number];
  readonly images: Float32Array;
  /** [batch] */
  readonly labels: Int32Array;
}

export interface ImageDatasetOptions {
  readonly train: ImageSplit;
  readonly test: ImageSplit;
  readonly batchSize: number;
  /** Chooses order and augmentation. Default 0. */
  readonly seed?: number;
  /** Of training images only. Default: none. */
  readonly augment?: Augmentation;
  /** What messages call the data. Default "the data". */
  readonly source?: string;
}

/** Batches of images. */
export interface ImageDataset {
  /** The batch of a step (0, 1, …): a pure function of seed and step, so that resuming needs no state. */
  trainBatch(step: number): ImageRows;
  /** The test images in order, made one batch at a time; the last batch is smaller where `size` does not divide. */
  testBatches(size?: number): Iterable<ImageRows>;
  /** ⌊train.count / batchSize⌋ */
  readonly stepsPerEpoch: number;
  /** Of the training pixels, by channel: what images were normalised with. */
  readonly normalisation: Normalisation;
}

/**
 * Batches of images, pixels normalised per channel with mean and standard deviation of the training split.
 *
 * An epoch visits the images in a random order of its own, a function of (seed, epoch); the last
 * count mod batchSize of that order are left out, others in each epoch (as airbench does). Augmentation is a
 * function of (seed, step, row).
 *
 * Throws `DataError` when the splits differ in shape or classes or a batch is larger than the training split,
 * `RangeError` for sizes out of range.
 */
export function imageDataset(options: ImageDatasetOptions): ImageDataset {
  const { train, test, batchSize, seed = 0, augment = {}, source = "the data" } = options;
  const [channels, height, width] = train.shape;
  const { translate = 0, padding = "reflect" } = augment;
  expectPositive("batchSize", batchSize);
  counterRandom(seed, "order", 0, 0); // refuses a bad seed
  if (!(Number.isSafeInteger(translate) && translate >= 0 && translate < Math.min(height, width))) {
    throw new RangeError(
      `translate must be 0 … ${Math.min(height, width) - 1} for images of ${height} × ${width}; got ${translate}`,
    );
  }
  if (test.shape.join() !== train.shape.join() || test.classes !== train.classes) {
    throw new DataError(
      "damaged",
      `${source}: training images are [${train.shape}] in ${train.classes} classes, ` +
        `test images [${test.shape}] in ${test.classes}: they must be alike`,
    );
  }
  if (train.count < batchSize) {
    throw new DataError(
      "tooShort",
      `${source} has ${train.count} training images, fewer than a batch of ${batchSize}: use a smaller batch`,
    );
  }
  const stepsPerEpoch = Math.floor(train.count / batchSize);
  const normalisation = pixelNormalisation(train);
  const tables = normalisation.mean.map((mean, channel) => {
    const scale = 1 / (normalisation.deviation[channel] ?? 1);
    return Float32Array.from({ length: 256 }, (_, byte) => (byte / 255 - mean) * scale);
  });
  const still = { flip: false, dy: 0, dx: 0 };
  const across = sourcePositionsByShift(width, translate, padding);
  const down = sourcePositionsByShift(height, translate, padding);

  function rows(
    split: ImageSplit,
    images: ArrayLike<number>,
    change: (row: number, image: number) => typeof still,
  ): ImageRows {
    const size = height * width;
    const out = new Float32Array(images.length * channels * size); // zeros: what "zero" padding leaves
    const labels = new Int32Array(images.length);
    for (let row = 0; row < images.length; row++) {
      const image = images[row] ?? 0;
      const { flip, dy, dx } = change(row, image);
      const columns = across(dx);
      const lines = down(dy);
      labels[row] = split.labels[image] ?? 0;
      tables.forEach((table, channel) => {
        const from = (image * channels + channel) * size;
        const to = (row * channels + channel) * size;
        for (let y = 0; y < height; y++) {
          const line = lines[y] ?? -1;
          if (line < 0) continue;
          for (let x = 0; x < width; x++) {
            const column = columns[x] ?? -1;
            if (column < 0) continue;
            const pixel = from + line * width + (flip ? width - 1 - column : column);
            out[to + y * width + x] = table[split.pixels[pixel] ?? 0] ?? 0;
          }
        }
      });
    }
    return { imagesShape: [images.length, channels, height, width], images: out, labels };
  }

  let order: { epoch: number; images: Uint32Array } = { epoch: -1, images: new Uint32Array() }; // the last one used; any can be made again
  return {
    stepsPerEpoch,
    normalisation,
    trainBatch(step) {
      expectStep(step);
      const epoch = Math.floor(step / stepsPerEpoch);
      if (order.epoch !== epoch) order = { epoch, images: permutation(seed, epoch, train.count) };
      const first = (step % stepsPerEpoch) * batchSize;
      return rows(train, order.images.subarray(first, first + batchSize), (row, image) =>
        drawImageChange(augment, { seed, step, row, epoch, image }),
      );
    },
    *testBatches(size = batchSize) {
      expectPositive("size", size);
      for (let first = 0; first < test.count; first += size) {
        const length = Math.min(size, test.count - first);
        yield rows(
          test,
          Array.from({ length }, (_, i) => first + i),
          () => still,
        );
      }
    },
  };
}

/** The batch as jax-js arrays: float32 [batch, channels, height, width] and int32 [batch]. */
export function toImageBatch({ imagesShape, images, labels }: ImageRows): {
  images: np.Array;
  labels: np.Array;
} {
  return {
    images: np.array(images, { shape: [...imagesShape], dtype: np.float32 }),
    labels: np.array(labels, { shape: [labels.length], dtype: np.int32 }),
  };
}

function sourcePositionsByShift(
  size: number,
  most: number,
  padding: "reflect" | "zero",
): (shift: number) => Int32Array {
  const tables = Array.from({ length: 2 * most + 1 }, (_, i) => sourcePositions(size, i - most, padding));
  return (shift) => tables[shift + most] ?? new Int32Array(size);
}
