import { didYouMean } from "../../core/nearestName.ts";
import { classicalSets } from "./classicalSets.ts";
import type { CoefficientSet } from "./coefficientSet.ts";
import { fittedSets } from "./fittedSets.ts";
import { tunedSets } from "./tunedSets.ts";

export { polarExpressRaw } from "./fittedSets.ts";

export type CoefficientSetName =
  | "keller"
  | "you5"
  | "you6"
  | "polarExpress"
  | "polarExpress2pct"
  | "polarExpressNvidia"
  | "cans5"
  | "aol4"
  | "cubic5"
  | "deepseekV4"
  | "cubic"
  | "quintic"
  | "simple";

const { keller, you5, you6, aol4, deepseekV4 } = tunedSets;
const { cubic5, ...others } = fittedSets;

/** In the order in which they are listed to users. */
const table: Record<CoefficientSetName, Omit<CoefficientSet, "name">> = {
  keller,
  you5,
  you6,
  ...others,
  aol4,
  cubic5,
  deepseekV4,
  ...classicalSets,
};

/**
 * Every named Newton-Schulz set, with its name. What each does to singular values (range on σ ≥ 1e-3, slope at 0, the band of
 * its interval) is tabulated and checked in test/matrixCoefficients.test.ts.
 */
export const coefficientSets = Object.fromEntries(
  Object.entries(table).map(([name, set]) => [name, { name, ...set }]),
) as Record<CoefficientSetName, CoefficientSet>;

/** The names of the coefficient sets. */
export function coefficientSetNames(): CoefficientSetName[] {
  return Object.keys(coefficientSets) as CoefficientSetName[];
}

/** The set of that name; an Error naming the nearest one otherwise. */
export function coefficientSet(name: string): CoefficientSet {
  const found = Object.entries(coefficientSets).find(([known]) => known === name);
  if (found === undefined) {
    const names = coefficientSetNames();
    throw new Error(
      `unknown coefficient set "${name}"${didYouMean(name, names)}. The sets are ${names.join(", ")}`,
    );
  }
  return found[1];
}
