import { computed } from "@preact/signals";
import { query } from "../../address/address.ts";
import { compiledNames } from "../compiledNames.ts";
import { numberIn } from "../numberIn.ts";

/** One of the two methods side by side. */
export interface Side {
  readonly optimizer: string;
  /** Base 10 logarithm of the learning rate. */
  readonly rate: number;
}

/** What the page is asked for, all of it from the address. */
export interface MemoryChoice {
  readonly sides: readonly [Side, Side];
  /** Frequencies are i^(−exponent). */
  readonly exponent: number;
}

export const LEAST_RATE = -3;
export const MOST_RATE = 1;
export const MOST_EXPONENT = 2;

/** Rates at which methods of a kind learn this memory in some hundred steps. */
const usual: Readonly<Record<string, number>> = { sgd: -0.5 };
const OTHERWISE = -2;

export const memoryChoice = computed((): MemoryChoice => {
  const given = query.value;
  const number = (name: string, start: number, low: number, high: number): number =>
    numberIn(given, name, { start, low, high });
  const side = (name: string, start: string): Side => {
    const optimizer = compiledNames().find((known) => known === given.get(name)) ?? start;
    return {
      optimizer,
      rate: number(`${name}-rate`, usual[optimizer] ?? OTHERWISE, LEAST_RATE, MOST_RATE),
    };
  };
  return {
    sides: [side("left", "sgd"), side("right", "muon")],
    exponent: number("zipf", 1.5, 0, MOST_EXPONENT),
  };
});
