import { pairedTest } from "../compare/pairedTest.ts";
import { LEAST_SEEDS } from "../compare/standing.ts";
import { studentT } from "../compare/studentT.ts";
import type { Verdict } from "./claim.ts";

export const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle)] ?? Number.NaN)) / 2;
}

/** A mean with its 95 % interval by Student's t. */
export interface Interval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** Undefined for fewer than two values. */
export function intervalOf(values: readonly number[]): Interval | undefined {
  const test = pairedTest(
    values,
    values.map(() => 0),
  );
  return test === undefined ? undefined : { mean: test.mean, low: test.low, high: test.high };
}

/**
 * The ratio a/b over pairs, as a geometric mean with its 95 % interval: a paired t-test of logarithms.
 * Undefined for fewer than two pairs, or where one is not > 0.
 */
export function ratioOf(a: readonly number[], b: readonly number[]): Interval | undefined {
  if ([...a, ...b].some((value) => !(value > 0))) return undefined;
  const test = pairedTest(a.map(Math.log), b.map(Math.log));
  return test === undefined
    ? undefined
    : { mean: Math.exp(test.mean), low: Math.exp(test.low), high: Math.exp(test.high) };
}

/** Whether an interval lies on the side of `limit` where a claim holds. Too few pairs tell nothing. */
export function verdictOf(
  interval: Interval | undefined,
  side: "below" | "above",
  limit: number,
  pairs: number,
): Verdict {
  if (interval === undefined || pairs < LEAST_SEEDS) return "cannot be told";
  if (interval.high < limit) return side === "below" ? "holds" : "does not hold";
  if (interval.low > limit) return side === "above" ? "holds" : "does not hold";
  return "cannot be told";
}

/** All hold: it holds. One does not: it does not. */
export function together(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes("does not hold")) return "does not hold";
  return verdicts.every((verdict) => verdict === "holds") ? "holds" : "cannot be told";
}

/** The least probability that is not ruled out (at 2.5 %) by `hits` of `trials`, where all of them are hits: Clopper & Pearson 1934. */
export const leastShare = (trials: number): number => 0.025 ** (1 / trials);

/** The slope of log y over log x by least squares, with its 95 % interval. */
export function logSlope(points: readonly (readonly [x: number, y: number])[]): Interval | undefined {
  const logs = points.filter(([x, y]) => x > 0 && y > 0).map(([x, y]) => [Math.log(x), Math.log(y)] as const);
  if (logs.length < 3) return undefined;
  const [mx, my] = [meanOf(logs.map(([x]) => x)), meanOf(logs.map(([, y]) => y))];
  const sxx = logs.reduce((sum, [x]) => sum + (x - mx) ** 2, 0);
  const slope = logs.reduce((sum, [x, y]) => sum + (x - mx) * (y - my), 0) / sxx;
  const rest = logs.reduce((sum, [x, y]) => sum + (y - my - slope * (x - mx)) ** 2, 0);
  const half = studentT.inv(0.975, logs.length - 2) * Math.sqrt(rest / (logs.length - 2) / sxx);
  return { mean: slope, low: slope - half, high: slope + half };
}

/** Three significant digits. */
export const short = (value: number): string => {
  if (!Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  return size !== 0 && (size >= 1e5 || size < 1e-3)
    ? value.toExponential(1)
    : String(Number(value.toPrecision(3)));
};

/** `0.42 (95 % 0.31 to 0.58)`. */
export const withInterval = (interval: Interval | undefined): string =>
  interval === undefined
    ? "–"
    : `${short(interval.mean)} (95 % ${short(interval.low)} to ${short(interval.high)})`;

/** `3 (1–7)`: the median, with the least and the largest. */
export const spreadOf = (values: readonly number[]): string =>
  `${short(medianOf(values))} (${short(Math.min(...values))}–${short(Math.max(...values))})`;
