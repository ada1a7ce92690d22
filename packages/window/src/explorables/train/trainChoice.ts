import { computed } from "@preact/signals";
import { query } from "../../address/address.ts";
import { compiledNames } from "../compiledNames.ts";
import { numberIn } from "../numberIn.ts";
import { type DeviceChoice, devices } from "./engine/engine.ts";
import { isSizeName, type SizeName, type Subject, subjects } from "./engine/trainSettings.ts";
import type { LossAxis } from "./lossLine.ts";

export const places = ["left", "right"] as const;
export type Place = (typeof places)[number];

/** One of the two optimizers. */
export interface ChosenSide {
  readonly optimizer: string;
  /** Base 10 logarithm of what its default learning rates are multiplied by. */
  readonly rate: number;
}

/** What the page is asked for, all of it from the address. */
export interface TrainChoice {
  readonly sides: Readonly<Record<Place, ChosenSide>>;
  /** What is learned. */
  readonly subject: Subject;
  readonly size: SizeName;
  readonly seed: number;
  /** The text that is built in, or the reader's own. */
  readonly text: "built-in" | "own";
  readonly device: DeviceChoice;
  /** Both sides pause after so many steps. */
  readonly stop: number;
  readonly axis: LossAxis;
  readonly smooth: number;
}

export const FURTHEST = 20_000;
export const RATES = { start: 0, low: -2, high: 2 } as const;

export const trainChoice = computed((): TrainChoice => {
  const given = query.value;
  const side = (name: Place, start: string): ChosenSide => ({
    optimizer: compiledNames().find((known) => known === given.get(name)) ?? start,
    rate: numberIn(given, `${name}-rate`, RATES),
  });
  const size = given.get("size") ?? "";
  return {
    sides: { left: side("left", "adamw"), right: side("right", "muon") },
    subject: subjects.find((known) => known === given.get("subject")) ?? "text",
    size: isSizeName(size) ? size : "tiny",
    seed: Math.round(numberIn(given, "seed", { start: 0, low: 0, high: 999 })),
    text: given.get("text") === "own" ? "own" : "built-in",
    device: devices.find((known) => known === given.get("device")) ?? "auto",
    stop: Math.round(numberIn(given, "stop", { start: 1000, low: 1, high: FURTHEST })),
    axis: given.get("x") === "seconds" ? "seconds" : "step",
    smooth: numberIn(given, "smooth", { start: 0.9, low: 0, high: 0.99 }),
  };
});
