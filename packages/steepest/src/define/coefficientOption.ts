import type { Coefficients } from "../matrix/coefficients/coefficientSet.ts";
import { expectNoFlip } from "../matrix/coefficients/expectNoFlip.ts";
import {
  type CoefficientSetName,
  coefficientSetNames,
  coefficientSets,
} from "../matrix/coefficients/named.ts";
import { type Option, OptionError, value } from "./options.ts";

/** Newton-Schulz coefficients: a set by name, or a list of (a, b, c). */
export type CoefficientChoice = CoefficientSetName | readonly Coefficients[];

/**
 * An option for Newton-Schulz coefficients. Sets that can flip the sign of an update are not offered in its
 * range, and taken by name only: a list whose polynomial goes below zero on (0, 1] is an `OptionError`.
 */
export function coefficientOption(initial: CoefficientChoice): Option<CoefficientChoice> {
  const names = coefficientSetNames();
  const sets = names.filter((name) => !coefficientSets[name].flipsSign);
  return value<CoefficientChoice>(
    initial,
    `${sets.join(" | ")}, or a list of [a, b, c]`,
    "Newton-Schulz: X ← aX + (bA + cA²)X, A = XXᵀ",
    (given) => {
      if (typeof given === "string") return names.find((known) => known === given);
      if (!(Array.isArray(given) && given.length > 0 && given.every(isTriple))) return undefined;
      expectSignsKept(given);
      return given;
    },
  );
}

function expectSignsKept(list: readonly Coefficients[]): void {
  try {
    expectNoFlip({ name: "coefficients: the list", flipsSign: false }, list);
  } catch (error) {
    throw new OptionError(error instanceof Error ? error.message : String(error));
  }
}

function isTriple(entry: unknown): entry is Coefficients {
  return (
    Array.isArray(entry) &&
    entry.length === 3 &&
    entry.every((x) => typeof x === "number" && Number.isFinite(x))
  );
}
