import { DataError } from "../dataError.ts";
import { expectLabels } from "./idxImages.ts";
import type { ImageSplit } from "./imageSplit.ts";

const pixelBytes = 3 * 32 * 32;

/** A label, then 32 × 32 red, green and blue bytes. */
export const cifarRecordBytes = 1 + pixelBytes;

/** Of each published batch. */
export const cifarBatchRecords = 10_000;

export const cifarClassNames: readonly string[] = [
  "airplane",
  "automobile",
  "bird",
  "cat",
  "deer",
  "dog",
  "frog",
  "horse",
  "ship",
  "truck",
];

/**
 * The binary batches of CIFAR-10 as one split, in their order. Each has 10,000 records; with `partial`, any number.
 * Source: Krizhevsky 2009, "Learning multiple layers of features from tiny images".
 *
 * Throws `DataError` for another size (with `partial`: one that is not a multiple of 3073 bytes), and for labels above 9.
 */
export function cifarImages(
  batches: readonly { source: string; bytes: Uint8Array }[],
  { partial = false }: { partial?: boolean } = {},
): ImageSplit {
  for (const { source, bytes } of batches) expectBatchSize(source, bytes.length, partial);
  const count = batches.reduce((sum, { bytes }) => sum + bytes.length / cifarRecordBytes, 0);
  const pixels = new Uint8Array(count * pixelBytes);
  const labels = new Uint8Array(count);
  let image = 0;
  for (const { source, bytes } of batches) {
    const first = image;
    for (let at = 0; at < bytes.length; at += cifarRecordBytes) {
      labels[image] = bytes[at] ?? 0;
      pixels.set(bytes.subarray(at + 1, at + cifarRecordBytes), image * pixelBytes);
      image++;
    }
    expectLabels(labels.subarray(first, image), cifarClassNames.length, source);
  }
  return {
    count,
    shape: [3, 32, 32],
    classes: cifarClassNames.length,
    classNames: cifarClassNames,
    pixels,
    labels,
  };
}

function expectBatchSize(source: string, bytes: number, partial: boolean): void {
  if (bytes === 0 || bytes % cifarRecordBytes !== 0) {
    throw new DataError(
      "damaged",
      `${source} has ${bytes} bytes, which is no multiple of the ${cifarRecordBytes} of one CIFAR-10 image: ` +
        "get the file again",
    );
  }
  const records = bytes / cifarRecordBytes;
  if (partial || records === cifarBatchRecords) return;
  throw new DataError(
    "damaged",
    `${source} has ${records} images, and a batch of CIFAR-10 has ${cifarBatchRecords}: get the file again`,
  );
}
