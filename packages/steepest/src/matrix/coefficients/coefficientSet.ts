/** One odd quintic p(σ) = aσ + bσ³ + cσ⁵, one step X ← aX + (bA + cA²)X with A = XXᵀ. */
export type Coefficients = readonly [a: number, b: number, c: number];

/** How a schedule goes on after its last entry: from the start, or with the last entry forever. */
export type ScheduleMode = "cycle" | "repeatLast";

/**
 * What `interval` is: "fitted", the polynomials were optimised on it, by their authors' word or because they can be made from
 * it again; "converges", every σ in it tends to 1 with more steps; "measured", nobody published one, and it is where we find
 * p within `band`.
 */
export type IntervalKind = "fitted" | "converges" | "measured";

/** What `newtonSchulz` needs of a set. */
export type CoefficientSchedule = Pick<
  CoefficientSet,
  "name" | "schedule" | "mode" | "steps" | "safety" | "flipsSign" | "maxSteps" | "requires"
>;

/** A published Newton-Schulz schedule, as data. */
export interface CoefficientSet {
  readonly name: string;
  readonly schedule: readonly Coefficients[];
  readonly mode: ScheduleMode;
  /** The number of steps its authors take. */
  readonly steps: number;
  /** Taking more steps than this is an error; absent where any number is fine. */
  readonly maxSteps?: number;
  /**
   * What the Frobenius norm is multiplied with before the first step, so that rounding cannot push a
   * singular value above 1. 1 where the authors have none. The schedule already contains its own factors.
   */
  readonly safety: number;
  /**
   * The interval of singular values, of what the first step is given, on which the set does what it is for. See `intervalKind`
   * for whose word that is.
   */
  readonly interval: readonly [lower: number, upper: number];
  readonly intervalKind: IntervalKind;
  /** What the composed polynomial makes of `interval` after `steps` steps: the smallest and the largest value. */
  readonly band: readonly [least: number, most: number];
  /** True if some σ in (0, 1.01] is mapped below zero: the update can point the wrong way. */
  readonly flipsSign: boolean;
  /** The rows must be scaled by AOL first (`normalization: "aol"`); absent where any normalization will do. */
  readonly requires?: "aol";
  readonly authors: string;
  readonly year: number;
  readonly source: string;
}

/**
 * The coefficients of steps 1…`steps`.
 *
 * Throws a RangeError for a step count that is not a positive integer, or above the set's `maxSteps`.
 */
export function scheduleFor(
  set: Pick<CoefficientSet, "name" | "schedule" | "mode" | "maxSteps">,
  steps: number,
): Coefficients[] {
  if (!Number.isSafeInteger(steps) || steps < 1)
    throw new RangeError(`steps of "${set.name}" must be a positive integer, got ${steps}`);
  if (set.maxSteps !== undefined && steps > set.maxSteps)
    throw new RangeError(
      `"${set.name}" is made for at most ${set.maxSteps} steps, got ${steps}; take another coefficient set to go on`,
    );
  return Array.from({ length: steps }, (_, step) => {
    const length = set.schedule.length;
    const index = set.mode === "cycle" ? step % length : Math.min(step, length - 1);
    const entry = set.schedule[index];
    if (entry === undefined) throw new RangeError(`coefficient set "${set.name}" has an empty schedule`);
    return entry;
  });
}

/** What a schedule makes of a singular value, in float64: the composition of its polynomials at σ. */
export function mapSingularValue(schedule: readonly Coefficients[], sigma: number): number {
  return schedule.reduce((s, [a, b, c]) => s * (a + s * s * (b + s * s * c)), sigma);
}
