import { expectNumbers, expectWhole } from "../core/expectNumbers.ts";

/** What every bound knows of a function and of the way to it. */
export interface DescentSetting {
  /** Δ = f(x_1) − inf f, ≥ 0. */
  readonly gap: number;
  /** n: gradients taken, x_1 … x_n, ≥ 1. */
  readonly steps: number;
  /** γ > 0. */
  readonly learningRate: number;
}

/** Throws a RangeError where a value is out of its range. */
export function expectSetting(bound: string, { gap, steps, learningRate }: DescentSetting): void {
  expectNumbers(bound, { gap }, "≥ 0");
  expectNumbers(bound, { learningRate }, "> 0");
  expectWhole(bound, { steps }, 1);
}

/** The same for ρ > 0, which may be infinite: then steps are never shortened. */
export function expectThreshold(bound: string, threshold: unknown): void {
  if (!(typeof threshold === "number" && threshold > 0))
    throw new RangeError(`${bound}: threshold must be > 0, got ${String(threshold)}`);
}

/** Throws a RangeError where an assumption of a theorem does not hold: its bound would mean nothing. */
export function expectAssumption(bound: string, holds: boolean, assumption: string): void {
  if (!holds) throw new RangeError(`${bound} needs ${assumption}`);
}

/** 1 + 1e-9: room for rounding in assumptions such as γ ≤ 1/L with γ computed as 1/L. */
export const ROUNDING = 1 + 1e-9;
