import { computed } from "@preact/signals";
import type { NormName, NormOptions } from "steepest/norms";

import { query, setQuery } from "../../address/address.ts";
import { clamp, numberIn } from "../numberIn.ts";
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
    numberIn(given, option, { start, low, high }),
  ]);
  return {
    slice,
    name,
    quick,
    options: { ...Object.fromEntries(knobs), ...(hasPolar(name) && !quick && { polar: "svd" }) },
    gradient: slices[slice].axes.map((axis, i) =>
      numberIn(given, axis, { start: START[i] ?? 0, low: -REACH, high: REACH }),
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
