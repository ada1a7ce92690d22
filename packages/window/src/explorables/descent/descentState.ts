import { computed } from "@preact/signals";
import { query } from "../../address/address.ts";
import { numberIn } from "../numberIn.ts";
import { EXTENT, type LandscapeName, landscapes } from "./landscape.ts";
import type { WalkSettings } from "./walks.ts";

/** Norms of vectors that differ in their oracle: the round one, the square and the diamond. */
export const walkNorms = {
  frobenius: "round: the gradient, normalised",
  max: "square: the sign",
  l1: "diamond: the largest entry",
} as const;
export type WalkNorm = keyof typeof walkNorms;

/** A setting that a slider moves. */
export interface Knob {
  readonly name: keyof WalkSettings;
  readonly label: string;
  readonly start: number;
  readonly low: number;
  readonly high: number;
  readonly step: number;
}

export const knobs: readonly Knob[] = [
  { name: "rate", label: "γ, the step size", start: 0.1, low: 0.01, high: 0.5, step: 0.01 },
  { name: "threshold", label: "ρ, the threshold and radius", start: 4, low: 0.5, high: 10, step: 0.1 },
  { name: "momentum", label: "μ, the weight of the past", start: 0, low: 0, high: 0.95, step: 0.05 },
  { name: "decay", label: "λ, the decay of the fourth", start: 2, low: 0.5, high: 6, step: 0.1 },
];

export const MOST_STEPS = 60;

export interface DescentState {
  readonly landscape: LandscapeName;
  readonly norm: WalkNorm;
  readonly settings: WalkSettings;
  readonly start: readonly [x: number, y: number];
  readonly steps: number;
}

const oneOf = <T extends string>(known: Readonly<Record<T, unknown>>, given: string | null, start: T): T =>
  (Object.keys(known) as T[]).find((name) => name === given) ?? start;

/** What the page shows, all of it from the address. */
export const descentState = computed((): DescentState => {
  const given = query.value;
  const landscape = oneOf(landscapes, given.get("on"), "bowl");
  const value = ({ name, start, low, high }: Knob): [string, number] => [
    name,
    numberIn(given, name, { start, low, high }),
  ];
  const [x, y] = landscapes[landscape].start;
  const place = (name: string, start: number): number =>
    numberIn(given, name, { start, low: -EXTENT, high: EXTENT });
  return {
    landscape,
    norm: oneOf(walkNorms, given.get("norm"), "frobenius"),
    settings: Object.fromEntries(knobs.map(value)) as unknown as WalkSettings,
    start: [place("x", x), place("y", y)],
    steps: Math.round(numberIn(given, "steps", { start: 30, low: 1, high: MOST_STEPS })),
  };
});
