import { didYouMean } from "../../core/nearestName.ts";
import { classicalSets } from "./classicalSets.ts";
import type { CoefficientSet } from "./coefficientSet.ts";
import { fittedSets } from "./fittedSets.ts";
import { type CoefficientSetName, coefficientSetNames } from "./names.ts";
import { tunedSets } from "./tunedSets.ts";

export { polarExpressRaw } from "./fittedSets.ts";

export { type CoefficientSetName, coefficientSetNames } from "./names.ts";

const table: Record<CoefficientSetName, Omit<CoefficientSet, "name">> = {
  ...tunedSets,
  ...fittedSets,
  ...classicalSets,
};

/**
 * Every named Newton-Schulz set, with its name. What each does to singular values (range on σ ≥ 1e-3, slope at 0, the band of
 * its interval) is tabulated and checked in test/matrixCoefficients.test.ts.
 */
export const coefficientSets = Object.fromEntries(
  coefficientSetNames().map((name) => [name, { name, ...table[name] }]),
) as Record<CoefficientSetName, CoefficientSet>;

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
