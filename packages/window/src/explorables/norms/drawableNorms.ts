import { type NormName, normNames, normOptions } from "steepest/norms";

import type { SliceName } from "./slices.ts";

/** Options of a norm that a page offers as sliders. */
export interface NormKnob {
  readonly option: "alpha" | "p" | "k";
  readonly label: string;
  readonly low: number;
  readonly high: number;
  readonly step: number;
  readonly start: number;
}

const knobs: readonly NormKnob[] = [
  { option: "alpha", label: "α, the share of the first norm", low: 0, high: 1, step: 0.05, start: 0.5 },
  { option: "p", label: "p", low: 1.05, high: 12, step: 0.05, start: 3 },
  { option: "k", label: "k", low: 1, high: 2, step: 1, start: 1 },
];

export const knobsOf = (name: NormName): readonly NormKnob[] =>
  knobs.filter(({ option }) => normOptions(name).includes(option));

/** Whether a norm's oracle goes through a polar factor, which may be exact or a few Newton-Schulz steps. */
export const hasPolar = (name: NormName): boolean => normOptions(name).includes("polar");

const forVectors: readonly NormName[] = ["frobenius", "max", "l1", "bias_rms", "bias_sign"];
/** A convolution is a matrix here, `auto` is another norm of this list, and `euclidean` is `frobenius`. */
const notDrawn: readonly NormName[] = ["spectral_conv", "auto", "euclidean"];

/** The norms that can be drawn on a slice. */
export const normsOn = (slice: SliceName): readonly NormName[] =>
  slice === "vectors"
    ? forVectors
    : normNames().filter((name) => !notDrawn.includes(name) && !name.startsWith("bias_"));
