import type { Coefficients } from "./coefficientSet.ts";

/** Keller Jordan's quintic (2024), the default of `newtonSchulz`: what the set `keller` repeats and `deepseekV4` begins with. */
export const KELLER: Coefficients = [3.4445, -4.775, 2.0315];
