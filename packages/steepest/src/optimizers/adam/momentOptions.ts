import { nonNegative, pastWeight } from "../../define/options.ts";

/** Options of the two averages, as Adam and its variants share them. */
export const momentOptions = {
  b1: pastWeight(0.9, "weight of the past in the average of gradients"),
  b2: pastWeight(0.999, "weight of the past in the average of squared gradients"),
  eps: nonNegative(1e-8, "added outside the root"),
};
