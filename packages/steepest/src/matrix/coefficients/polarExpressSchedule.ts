import { isNumber } from "../../core/expectNumbers.ts";
import { type Coefficients, mapSingularValue } from "./coefficientSet.ts";

/** Where the interval is narrower than this (relatively), Remez points coincide and the limit polynomial is used. */
const NARROW = 5e-6;

/**
 * The odd quintic closest to 1 on [lower, upper] in the maximum norm.
 *
 * Equioscillation: p(lower) = 1−E, p(q) = 1+E, p(r) = 1−E, p(upper) = 1+E with the inner extrema q < r, found
 * by Remez exchange. As lower → upper it tends to (15/8)σ/u − (5/4)(σ/u)³ + (3/8)(σ/u)⁵.
 *
 * Source: Amsel, Persson, Musco, Gower 2025, arXiv:2505.16932, section 3.
 */
export function bestOddQuintic(lower: number, upper: number): Coefficients {
  if (!(isNumber(lower, "> 0") && isNumber(upper, "> 0") && lower <= upper))
    throw new RangeError(`bestOddQuintic needs 0 < lower <= upper, got [${lower}, ${upper}]`);
  if (lower / upper > 1 - NARROW) return [15 / 8 / upper, -5 / 4 / upper ** 3, 3 / 8 / upper ** 5];
  let q = (3 * lower + upper) / 4;
  let r = (lower + 3 * upper) / 4;
  let error = Number.POSITIVE_INFINITY;
  for (let exchange = 0; exchange < 100; exchange++) {
    const [a, b, c, next] = equioscillating([lower, q, r, upper]);
    const root = Math.sqrt(Math.max(0, 9 * b * b - 20 * a * c)); // p'(x) = 5c y² + 3b y + a at y = x²
    q = Math.sqrt((-3 * b - root) / (10 * c));
    r = Math.sqrt((-3 * b + root) / (10 * c));
    if (Math.abs(error - next) < 1e-15) return [a, b, c];
    error = next;
  }
  throw new Error(`internal: Remez exchange did not settle on [${lower}, ${upper}]`);
}

/** (a, b, c, E) with p(x₀) + E = 1, p(x₁) − E = 1, p(x₂) + E = 1, p(x₃) − E = 1. */
function equioscillating(points: readonly number[]): [number, number, number, number] {
  const rows = points.map((x, i) => [x, x ** 3, x ** 5, i % 2 === 0 ? 1 : -1, 1]);
  const [a = Number.NaN, b = Number.NaN, c = Number.NaN, error = Number.NaN] = solve(rows);
  return [a, b, c, error];
}

/** The solution of a small linear system, each row ending in its right-hand side. Gauss, partial pivoting. */
function solve(rows: readonly (readonly number[])[]): number[] {
  const [pivot, ...others] = rows.toSorted((x, y) => Math.abs(y[0] ?? 0) - Math.abs(x[0] ?? 0));
  if (pivot === undefined) return [];
  const [lead = Number.NaN, ...tail] = pivot;
  const reduced = others.map(([head = 0, ...entries]) =>
    entries.map((entry, j) => entry - (head / lead) * (tail[j] ?? 0)),
  );
  const solution = solve(reduced);
  const known = solution.reduce((sum, value, j) => sum + value * (tail[j] ?? 0), 0);
  return [((tail.at(-1) ?? 0) - known) / lead, ...solution];
}

/** How far the fit may reach below the interval that is left; keeps tiny singular values from falling behind. */
const CUSHION = 0.02407327424182761;

export interface PolarExpressOptions {
  /** The smallest singular value, relative to the largest, that must arrive at 1. Default 1e-3. */
  readonly lower?: number;
  /** Fit each step on at least [cushion·u, u]. Default 0.02407…, the authors'. */
  readonly cushion?: number;
  /** Stop once every σ in [lower, 1] ends within this of 1. Default 1e-7, float32. */
  readonly accuracy?: number;
}

/**
 * The Polar Express schedule: step by step the odd quintic that brings [l, u] closest to 1, with l and u
 * updated to where the last step has put them. Greedy, and optimal among compositions of quintics.
 *
 * The defaults reproduce the authors' published list to 1e-12. It is the schedule of exact arithmetic: early steps are
 * steep at u, and rounding carried past u grows there about 20-fold each step. To run it take `polarExpressSet`.
 *
 * Source: Amsel, Persson, Musco, Gower 2025, arXiv:2505.16932, algorithm 1 and section 4.4 (cushion, recentring).
 */
export function polarExpressSchedule({
  lower = 1e-3,
  cushion = CUSHION,
  accuracy = 1e-7,
}: PolarExpressOptions = {}): Coefficients[] {
  if (!(lower > 0 && lower < 1))
    throw new RangeError(`polarExpressSchedule: lower must be between 0 and 1, got ${lower}`);
  if (!(cushion >= 0 && cushion < 1))
    throw new RangeError(`polarExpressSchedule: cushion must be in [0, 1), got ${cushion}`);
  if (!(accuracy >= 1e-14))
    throw new RangeError(`polarExpressSchedule: accuracy must be at least 1e-14, got ${accuracy}`);
  const schedule: Coefficients[] = [];
  let l = lower;
  let u = 1;
  while (1 - l > accuracy) {
    const fitted = bestOddQuintic(Math.max(l, cushion * u), u);
    // Fitted on more than [l, u], it no longer straddles 1 there: recentre.
    const recentre = 2 / (mapSingularValue([fitted], l) + mapSingularValue([fitted], u));
    const step: Coefficients = [fitted[0] * recentre, fitted[1] * recentre, fitted[2] * recentre];
    schedule.push(step);
    l = mapSingularValue([step], l);
    u = 2 - l;
  }
  return schedule;
}

/**
 * The schedule that stays below its intended maximum when a singular value exceeds 1 by rounding:
 * p(σ/s) for every entry but the last, which is the one repeated for good.
 */
export function withSafety(schedule: readonly Coefficients[], factor: number): Coefficients[] {
  return schedule.map(([a, b, c], i) =>
    i === schedule.length - 1 ? [a, b, c] : [a / factor, b / factor ** 3, c / factor ** 5],
  );
}
