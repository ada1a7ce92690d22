import { computed } from "@preact/signals";
import type { NormName, NormOptions } from "steepest/norms";

import { query, setQuery } from "../../address/address.ts";
import { hasPolar, knobsOf, normsOn } from "./drawableNorms.ts";
import { type SliceName, slices } from "./slices.ts";

/** What the page shows, all of it from the address. */
export interface NormState {
  readonly slice: SliceName;
  readonly name: NormName;
  readonly options: NormOptions;
  /** The polar factor by five Newton-Schulz steps, as optimizers take it, instead of exactly. */
  readonly quick: boolean;
  readonly gradient: readonly number[];
}

const START: readonly number[] = [0.9, 0.5, 0.3];
/** Of gradients, along each axis. */
export const REACH = 1.5;

export const normState = computed((): NormState => {
  const given = query.value;
  const slice = Object.keys(slices).find((name): name is SliceName => name === given.get("on")) ?? "diagonal";
  const names = normsOn(slice);
  const name = names.find((known) => known === given.get("norm")) ?? names[0] ?? "frobenius";
  const quick = given.get("polar") === "quick" && hasPolar(name);
  const knobs = knobsOf(name).map(({ option, start, low, high }) => [
    option,
    clamp(numberOr(given.get(option), start), low, high),
  ]);
  return {
    slice,
    name,
    quick,
    options: { ...Object.fromEntries(knobs), ...(hasPolar(name) && !quick && { polar: "svd" }) },
    gradient: slices[slice].axes.map((axis, i) =>
      clamp(numberOr(given.get(axis), START[i] ?? 0), -REACH, REACH),
    ),
  };
});

/** Puts a gradient into the address, with as many digits as a hand can choose. */
export function setGradient(gradient: readonly number[]): void {
  const { slice } = normState.peek();
  setQuery(
    Object.fromEntries(
      slices[slice].axes.map((axis, i) => [axis, clamp(gradient[i] ?? 0, -REACH, REACH).toFixed(2)]),
    ),
  );
}

const numberOr = (text: string | null, otherwise: number): number => {
  const value = text === null || text === "" ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : otherwise;
};

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));
