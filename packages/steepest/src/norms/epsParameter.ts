import { numberParameter } from "./entry.ts";

/** ε beside the lengths that column, row, RMS and Frobenius norms divide by. */
export const epsParameter = numberParameter(
  "≥ 0",
  "column, row, RMS and Frobenius norms: added to lengths; own is 1e-8, for Frobenius 0",
  (x) => x >= 0,
);
