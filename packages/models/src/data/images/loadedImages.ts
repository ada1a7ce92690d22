import { createHash } from "node:crypto";
import type { Loaded } from "../loaded.ts";
import type { ImageSplit } from "./imageSplit.ts";

/** Labelled images in memory. */
export interface LoadedImages extends Loaded {
  readonly kind: "images";
  readonly train: ImageSplit;
  readonly test: ImageSplit;
}

/** Both parts of a data set, with the checksum of shapes, pixels and labels: the same however they were packed. */
export function loadedImages(
  source: string,
  train: ImageSplit,
  test: ImageSplit,
  split = `trained on ${train.count} images, validated on the ${test.count} of the test set`,
): LoadedImages {
  const hash = createHash("sha256");
  for (const { count, shape, pixels, labels } of [train, test]) {
    hash
      .update(JSON.stringify([count, ...shape]))
      .update(pixels)
      .update(labels);
  }
  return { kind: "images", train, test, source, split, sha256: hash.digest("hex") };
}
