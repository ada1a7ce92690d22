import jstat from "jstat";

/** How far two points lie apart along each axis, 0 to 1. */
export type Apart<P> = (one: P, other: P) => readonly number[];

/** What is believed of a function at a point. */
export interface Belief {
  readonly mean: number;
  readonly deviation: number;
}

export interface GaussianProcess<P> {
  /** A length for each axis: over about so much of a range the function changes. */
  readonly lengths: readonly number[];
  /** Variance of the noise in the values. */
  readonly noise: number;
  believe(point: P): Belief;
  /** The same process after one more point, of which only the belief is known. */
  pretend(point: P): GaussianProcess<P>;
}

interface Parameters {
  readonly lengths: readonly number[];
  readonly noise: number;
}

const LENGTHS = [0.1, 0.2, 0.4, 0.8, 1.6, 3.2] as const;
const NOISES = [1e-4, 1e-2, 1e-1, 0.5] as const;

/**
 * A Gaussian process with mean 0 and variance 1 through values at points: k(x, y) = (1 + √5 r + 5 r²/3) exp(−√5 r) (Matérn 5/2)
 * with r² the sum over the axes of (distance / length)², and noise on the diagonal. Lengths and noise are those of a small grid with
 * the greatest likelihood of the values, found along one axis after the other. `values` should have mean 0 and variance 1.
 * Rasmussen & Williams 2006, "Gaussian Processes for Machine Learning", algorithm 2.1. Cost: about 100 · n³ for n points.
 */
export function fitGaussianProcess<P>(
  points: readonly P[],
  values: readonly number[],
  apart: Apart<P>,
): GaussianProcess<P> {
  const [first] = points;
  if (first === undefined || points.length !== values.length)
    throw new RangeError(
      `a Gaussian process needs as many values as points, and at least one: ${points.length} and ${values.length}`,
    );
  const distances = points.map((one) => points.map((other) => apart(one, other)));
  const likelihood = (parameters: Parameters): number => solve(distances, values, parameters).logLikelihood;
  const axes = apart(first, first);
  let best: Parameters = { lengths: axes.map(() => 1), noise: 1 };
  let most = Number.NEGATIVE_INFINITY;
  const consider = (parameters: Parameters): void => {
    const found = likelihood(parameters);
    if (found > most) [best, most] = [parameters, found];
  };
  for (const noise of NOISES)
    for (const length of LENGTHS) consider({ lengths: axes.map(() => length), noise });
  for (let round = 0; round < 2; round++) {
    for (const noise of NOISES) consider({ ...best, noise });
    for (const axis of best.lengths.keys())
      for (const length of LENGTHS)
        consider({ ...best, lengths: best.lengths.map((old, i) => (i === axis ? length : old)) });
  }
  return processOf(points, values, apart, best);
}

function processOf<P>(
  points: readonly P[],
  values: readonly number[],
  apart: Apart<P>,
  parameters: Parameters,
): GaussianProcess<P> {
  const distances = points.map((one) => points.map((other) => apart(one, other)));
  const { lower, weights } = solve(distances, values, parameters);
  const believe = (point: P): Belief => {
    const near = points.map((known) => covariance(apart(point, known), parameters.lengths));
    const mean = near.reduce((sum, k, i) => sum + k * (weights[i] ?? 0), 0);
    const explained = solveLower(lower, near).reduce((sum, v) => sum + v * v, 0);
    return { mean, deviation: Math.sqrt(Math.max(1e-12, 1 - explained)) };
  };
  return {
    ...parameters,
    believe,
    pretend: (point) => processOf([...points, point], [...values, believe(point).mean], apart, parameters),
  };
}

function covariance(distances: readonly number[], lengths: readonly number[]): number {
  const squared = distances.reduce((sum, d, i) => sum + (d / (lengths[i] ?? 1)) ** 2, 0);
  const r = Math.sqrt(5 * squared);
  return (1 + r + (5 * squared) / 3) * Math.exp(-r);
}

/** K = L·Lᵀ, and K⁻¹·values. */
function solve(
  distances: readonly (readonly (readonly number[])[])[],
  values: readonly number[],
  { lengths, noise }: Parameters,
): { lower: number[][]; weights: number[]; logLikelihood: number } {
  const matrix = distances.map((row, i) =>
    row.map((between, j) => covariance(between, lengths) + (i === j ? noise : 0)),
  );
  const lower = jstat.cholesky(matrix);
  const half = solveLower(lower, values);
  const weights = solveUpper(lower, half);
  const fit = half.reduce((sum, v) => sum + v * v, 0);
  const volume = lower.reduce((sum, row, i) => sum + Math.log(row[i] ?? Number.NaN), 0);
  return { lower, weights, logLikelihood: -fit / 2 - volume };
}

function solveLower(lower: readonly (readonly number[])[], right: readonly number[]): number[] {
  const out: number[] = [];
  for (const [i, row] of lower.entries()) {
    const known = out.reduce((sum, v, j) => sum + (row[j] ?? 0) * v, 0);
    out.push(((right[i] ?? 0) - known) / (row[i] ?? 1));
  }
  return out;
}

/** With the transpose of the lower triangle. */
function solveUpper(lower: readonly (readonly number[])[], right: readonly number[]): number[] {
  const out = new Array<number>(right.length).fill(0);
  for (let i = right.length - 1; i >= 0; i--) {
    let known = 0;
    for (let j = i + 1; j < right.length; j++) known += (lower[j]?.[i] ?? 0) * (out[j] ?? 0);
    out[i] = ((right[i] ?? 0) - known) / (lower[i]?.[i] ?? 1);
  }
  return out;
}
