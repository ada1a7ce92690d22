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

export interface CoefficientOptionSettings {
  /** The optimizer lets its user choose AOL scaling (option `normalization`), which `aol4` needs. Default false. */
  readonly aol?: boolean;
}

/**
 * An option for Newton-Schulz coefficients. Sets that can flip the sign of an update are not offered in its range, and taken by
 * name only: a list whose polynomial goes below zero on (0, 1] is an `OptionError`, and so is `aol4` where the optimizer has no AOL
 * scaling to go before it.
 */
export function coefficientOption(
  initial: CoefficientChoice,
  { aol = false }: CoefficientOptionSettings = {},
): Option<CoefficientChoice> {
  const names = coefficientSetNames();
  const sets = names.filter((name) => !coefficientSets[name].flipsSign);
  return value<CoefficientChoice>(
    initial,
    `${sets.join(" | ")}, or a list of [a, b, c]`,
    "Newton-Schulz: X ← aX + (bA + cA²)X, A = XXᵀ",
    (given) => {
      if (typeof given === "string") {
        const name = names.find((known) => known === given);
        if (name !== undefined && !aol) expectNoRequirement(name);
        return name;
      }
      if (!(Array.isArray(given) && given.length > 0 && given.every(isTriple))) return undefined;
      expectSignsKept(given);
      return given;
    },
  );
}

function expectNoRequirement(name: CoefficientSetName): void {
  if (coefficientSets[name].requires === undefined) return;
  throw new OptionError(
    `coefficients "${name}" are made for rows scaled by AOL, which this optimizer does not do, and turn updates of low rank ` +
      'around without it; take "keller" or "you5", or an optimizer with normalization "aol" (muon)',
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
