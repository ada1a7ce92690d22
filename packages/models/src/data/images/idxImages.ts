import { DataError } from "../dataError.ts";
import type { ImageSplit } from "./imageSplit.ts";
import type { IdxArray } from "./parseIdx.ts";

/**
 * Grey images [count, height, width] and labels [count] as one split, without copying. `classes` labels are
 * allowed; absent, the largest label and 1.
 *
 * Throws `DataError` when they do not go together or a label is too large.
 */
export function idxImages(
  images: IdxArray,
  labels: IdxArray,
  { source, classNames, classes }: { source: string; classNames?: readonly string[]; classes?: number },
): ImageSplit {
  const [count = 0, height = 0, width = 0] = images.shape;
  if (images.shape.length !== 3 || count * height * width === 0) {
    throw new DataError(
      "damaged",
      `${source}: images are [${images.shape}], expected [count, height, width]: get the files again`,
    );
  }
  if (labels.shape.length !== 1 || labels.shape[0] !== count) {
    throw new DataError(
      "damaged",
      `${source}: labels are [${labels.shape}] for images [${images.shape}], expected [${count}]: get the files again`,
    );
  }
  const allowed = classes ?? labels.data.reduce((most, label) => Math.max(most, label), 0) + 1;
  expectLabels(labels.data, allowed, source);
  return {
    count,
    shape: [1, height, width],
    classes: allowed,
    ...(classNames && { classNames }),
    pixels: images.data,
    labels: labels.data,
  };
}

/** Throws `DataError` where a label is not 0 … classes − 1. */
export function expectLabels(labels: Uint8Array, classes: number, source: string): void {
  const wrong = labels.findIndex((label) => label >= classes);
  if (wrong === -1) return;
  throw new DataError(
    "damaged",
    `${source}: image ${wrong} has label ${labels[wrong]}, expected 0 … ${classes - 1}: get the file again`,
  );
}
