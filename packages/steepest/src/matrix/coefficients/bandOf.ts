import { type Coefficients, mapSingularValue } from "./coefficientSet.ts";

/**
 * Of each of two grids: one even in log σ, one that gathers at the upper end, where compositions of steep polynomials (slope
 * 1e5 for `cans5`) have their last extrema.
 */
const POINTS = 4000;

/**
 * The range of a schedule's composed polynomial over an interval of singular values: [least, most] on a grid of 8000
 * points, from 1e-6 times the upper end if the lower is 0. In float64.
 */
export function bandOf(
  schedule: readonly Coefficients[],
  [lower, upper]: readonly [lower: number, upper: number],
): readonly [least: number, most: number] {
  const from = Math.max(lower, 1e-6 * upper);
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i <= POINTS; i++) {
    const share = i / POINTS;
    for (const sigma of [upper * (from / upper) ** share, upper - (upper - from) * 1e-9 ** share]) {
      const value = mapSingularValue(schedule, sigma);
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
  }
  return lower === 0 ? [Math.min(0, least), Math.max(0, most)] : [least, most];
}
