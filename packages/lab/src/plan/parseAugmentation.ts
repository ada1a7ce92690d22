import type { Augmentation } from "@steepest/models";
import { didYouMean } from "steepest";

import { UsageError } from "./usageError.ts";

const parts = ["flip", "alternate-flip", "translate"] as const;

/** For the help and for messages. */
export const augmentationSyntax = "flip or alternate-flip, translate=N, commas between";

/**
 * Reads `flip,translate=2`: mirror training images at random, move them by up to two pixels. `alternate-flip` shows the
 * other side in every epoch. Throws `UsageError`.
 */
export function parseAugmentation(text: string | undefined): Augmentation {
  const read: { flip?: boolean | "alternate"; translate?: number } = {};
  for (const part of text?.split(",") ?? []) {
    const [name = "", value, ...more] = part.trim().split("=");
    const pixels = Number(value);
    const isNumber =
      value !== undefined && value.trim() !== "" && Number.isSafeInteger(pixels) && pixels >= 0;
    if ((name === "flip" || name === "alternate-flip") && value === undefined) {
      read.flip = name === "flip" ? true : "alternate";
    } else if (name === "translate" && isNumber && more.length === 0) {
      read.translate = pixels;
    } else {
      throw new UsageError(
        `cannot read "${part}" in augment "${text}"${didYouMean(name, parts)}: expected ${augmentationSyntax}`,
      );
    }
  }
  return read;
}
