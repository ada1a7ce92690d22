import { numberParameter } from "./entry.ts";

/** α of the mixes with Frobenius. */
export const alphaParameter = numberParameter(
  "[0, 1]",
  "f_star, f_two: share of the first norm beside Frobenius; own is 0.5",
  (x) => x >= 0 && x <= 1,
);
