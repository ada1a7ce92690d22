import { type CoefficientSet, type Coefficients, mapSingularValue } from "./coefficientSet.ts";

/**
 * Throws a RangeError where the composed polynomial of a schedule is negative somewhere on (0, 1]: there the update
 * would point uphill. Sets that say so themselves (`flipsSign`: `aol4` and `cubic5` by name, or one's own) are let through, they were asked for.
 */
export function expectNoFlip(
  { name, flipsSign }: Pick<CoefficientSet, "name" | "flipsSign">,
  schedule: readonly Coefficients[],
): void {
  if (flipsSign) return;
  const sigma = negativeAt(schedule);
  if (sigma === undefined) return;
  throw new RangeError(
    `${name} sends the singular value ${sigma.toPrecision(3)} to ${mapSingularValue(schedule, sigma).toPrecision(3)} after ` +
      `${schedule.length} steps, below zero: such an update points the wrong way. Take a named set (keller, polarExpress), ` +
      "or give a set { name, schedule, mode, steps, safety, flipsSign: true } to have it all the same",
  );
}

/** The largest σ in (0, 1] that goes below zero, on a grid of 3000 points; undefined if there is none. */
function negativeAt(schedule: readonly Coefficients[]): number | undefined {
  for (let i = 0; i <= 3000; i++) {
    const sigma = i <= 1000 ? 1 - i / 2000 : 0.5 * 10 ** (-(i - 1000) / 333);
    if (mapSingularValue(schedule, sigma) < 0) return sigma;
  }
  return undefined;
}
