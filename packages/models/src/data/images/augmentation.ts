import { counterRandom } from "../../random/counterRandom.ts";

/** Random changes to training images that keep the label. */
export interface Augmentation {
  /**
   * Mirror left and right. `true`: each time with probability ½. `"alternate"`: with probability ½ in the first
   * epoch and from then on the other way round in every epoch, so that two epochs show both sides of each image
   * (Jordan 2024, arXiv:2404.00498, "alternating flip"). Default false.
   */
  readonly flip?: boolean | "alternate";
  /** Move by −translate … translate pixels in each direction, all with equal probability. Default 0. */
  readonly translate?: number;
  /**
   * What fills the edge: the image mirrored at its outermost pixels (as airbench does), or the mean colour, which
   * is 0 after normalisation (as He et al. 2015, arXiv:1512.03385). Default "reflect".
   */
  readonly padding?: "reflect" | "zero";
}

/** What happens to one image: mirrored first, then content moved down by `dy` and right by `dx`. */
export interface ImageChange {
  readonly flip: boolean;
  readonly dy: number;
  readonly dx: number;
}

/** A pure function of (seed, step, row); the alternating flip also of the epoch and the image. */
export function drawImageChange(
  { flip = false, translate = 0 }: Augmentation,
  { seed, step, row, epoch, image }: Record<"seed" | "step" | "row" | "epoch" | "image", number>,
): ImageChange {
  const draw = (which: number): number => counterRandom(seed, "augmentation", step, 3 * row + which);
  const shift = (which: number): number => Math.floor(draw(which) * (2 * translate + 1)) - translate;
  const firstFlip = (): boolean => counterRandom(seed, "flips", 0, image) < 0.5;
  return {
    flip: flip === "alternate" ? firstFlip() === (epoch % 2 === 0) : flip && draw(0) < 0.5,
    dy: translate === 0 ? 0 : shift(1),
    dx: translate === 0 ? 0 : shift(2),
  };
}

/**
 * For each position along an axis of `size`, the position it is filled from, or −1 for padding. `reflect` does
 * not repeat the outermost pixel: … 2 1 | 0 1 2 …; it needs |shift| < size.
 */
export function sourcePositions(size: number, shift: number, padding: "reflect" | "zero"): Int32Array {
  return Int32Array.from({ length: size }, (_, i) => {
    const from = i - shift;
    if (from >= 0 && from < size) return from;
    return padding === "zero" ? -1 : from < 0 ? -from : 2 * (size - 1) - from;
  });
}
