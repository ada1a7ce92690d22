import type { Coefficients } from "../matrix/coefficients/coefficientSet.ts";
import { type CoefficientSetName, coefficientSetNames, soundSetNames } from "../matrix/coefficients/names.ts";
import { type Option, value } from "./options.ts";

/** Newton-Schulz coefficients: a set by name, or a list of (a, b, c). */
export type CoefficientChoice = CoefficientSetName | readonly Coefficients[];

/**
 * An option for Newton-Schulz coefficients. Sets that can flip the sign of an update are not offered in its
 * range, and taken by name only: `polarFrom` refuses a list whose polynomial goes below zero on (0, 1].
 */
export function coefficientOption(initial: CoefficientChoice): Option<CoefficientChoice> {
  return value<CoefficientChoice>(
    initial,
    `${soundSetNames().join(" | ")}, or a list of [a, b, c]`,
    "Newton-Schulz: X ← aX + (bA + cA²)X, A = XXᵀ",
    (given) => {
      if (typeof given === "string") return coefficientSetNames().find((known) => known === given);
      return Array.isArray(given) && given.length > 0 && given.every(isTriple) ? given : undefined;
    },
  );
}

function isTriple(entry: unknown): entry is Coefficients {
  return (
    Array.isArray(entry) &&
    entry.length === 3 &&
    entry.every((x) => typeof x === "number" && Number.isFinite(x))
  );
}
