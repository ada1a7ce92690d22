import type { Coefficients } from "../matrix/coefficients/coefficientSet.ts";
import {
  type CoefficientSetName,
  coefficientSetNames,
  coefficientSets,
} from "../matrix/coefficients/named.ts";
import { type Option, value } from "./options.ts";

/** Newton-Schulz coefficients: a set by name, or a list of (a, b, c). */
export type CoefficientChoice = CoefficientSetName | readonly Coefficients[];

/** An option for Newton-Schulz coefficients. */
export function coefficientOption(initial: CoefficientChoice): Option<CoefficientChoice> {
  const names = coefficientSetNames();
  const check = (given: unknown): CoefficientChoice | undefined => {
    if (typeof given === "string") return names.find((name) => name === given);
    return Array.isArray(given) && given.length > 0 && given.every(isTriple) ? given : undefined;
  };
  const sets = names.filter((name) => !coefficientSets[name].flipsSign);
  return value<CoefficientChoice>(
    initial,
    `${sets.join(" | ")}, or a list of [a, b, c]`,
    "Newton-Schulz: X ← aX + (bA + cA²)X, A = XXᵀ",
    check,
  );
}

function isTriple(entry: unknown): entry is Coefficients {
  return (
    Array.isArray(entry) &&
    entry.length === 3 &&
    entry.every((x) => typeof x === "number" && Number.isFinite(x))
  );
}
