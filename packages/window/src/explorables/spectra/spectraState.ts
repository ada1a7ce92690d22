import { computed } from "@preact/signals";
import { type CoefficientSetName, type Coefficients, coefficientSetNames } from "steepest/matrix";

import { query } from "../../address/address.ts";
import { compiledNames } from "../compiledNames.ts";
import { numberIn } from "../numberIn.ts";
import { mostSteps } from "./spectraModel.ts";

/** What the page shows, all of it from the address. */
export interface SpectraState {
  readonly set: CoefficientSetName | "own";
  readonly own: Coefficients;
  readonly steps: number;
  readonly decay: number;
  readonly optimizers: readonly string[];
}

export const MOST_DECAY = 2;
const KELLER: Coefficients = [3.4445, -4.775, 2.0315];
const FIRST_TWO = ["muon", "mano_v2"];

export const spectraState = computed((): SpectraState => {
  const given = query.value;
  const asked = given.get("set");
  const set = asked === "own" ? "own" : (coefficientSetNames().find((name) => name === asked) ?? "keller");
  const number = (name: string, start: number, low: number, high: number): number =>
    numberIn(given, name, { start, low, high });
  const named = given.getAll("optimizer").filter((name) => compiledNames().includes(name));
  return {
    set,
    own: [number("a", KELLER[0], -10, 10), number("b", KELLER[1], -20, 20), number("c", KELLER[2], -10, 10)],
    steps: Math.round(number("steps", 5, 1, mostSteps(set))),
    decay: number("decay", 1, 0, MOST_DECAY),
    optimizers: named.length === 2 ? named : FIRST_TWO,
  };
});
