import { symmetricEigenvalues } from "./symmetricEigenvalues.ts";

/** Steps after which the largest value no longer changes in float32, but for matrices without any gap. */
const STEPS = 24;
/** What is left of a unit vector in a space that is exhausted is rounding. */
const EXHAUSTED = 1e-10;

/**
 * σ₁ of a matrix [rows, cols] from its entries, row by row, outside the graph: the square root of the largest eigenvalue of AᵀA in
 * the Krylov space of a fixed start vector, by Lanczos steps with full reorthogonalisation in float64. Never above σ₁; a matrix of
 * rank below 24 is exact. Cost: about 100mn operations and no compilation, which `lanczos` of `steepest/matrix` has inside a graph.
 * Source: Golub & Van Loan, Matrix Computations, section 10.1.
 */
export function largestSingularValue(
  entries: ArrayLike<number>,
  [rows, cols]: readonly [rows: number, cols: number],
): number {
  if (rows * cols !== entries.length)
    throw new RangeError(
      `largestSingularValue: [${rows}, ${cols}] has ${rows * cols} entries, got ${entries.length}`,
    );
  const basis: Float64Array[] = [];
  const [alphas, betas]: [number[], number[]] = [[], []];
  let next = startOf(cols);
  while (basis.length < Math.min(STEPS, cols)) {
    basis.push(next);
    const image = times(entries, rows, next);
    const back = timesTransposed(entries, cols, image);
    alphas.push(dot(next, back));
    const size = Math.sqrt(dot(back, back));
    for (const v of [...basis, ...basis]) addScaled(back, v, -dot(v, back)); // once is not enough in rounded numbers
    const left = Math.sqrt(dot(back, back));
    if (!(left > EXHAUSTED * size)) break;
    betas.push(left);
    next = back.map((x) => x / left);
  }
  const k = alphas.length;
  const small = new Float64Array(k * k);
  for (let i = 0; i < k; i++) {
    small[i * k + i] = alphas[i] ?? 0;
    if (i + 1 < k) small[(i + 1) * k + i] = betas[i] ?? 0;
  }
  return Math.sqrt(Math.max(0, symmetricEigenvalues(small).at(-1) ?? 0));
}

/** A unit vector without a pattern that a weight could be orthogonal to. */
function startOf(n: number): Float64Array {
  const v = Float64Array.from({ length: n }, (_, i) => 1 + 0.5 * Math.sin(12.9898 * (i + 1)));
  const size = Math.sqrt(dot(v, v));
  return v.map((x) => x / size);
}

/** A v. */
function times(a: ArrayLike<number>, rows: number, v: Float64Array): Float64Array {
  const cols = v.length;
  return Float64Array.from({ length: rows }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < cols; j++) sum += (a[i * cols + j] ?? 0) * (v[j] ?? 0);
    return sum;
  });
}

/** Aᵀu. */
function timesTransposed(a: ArrayLike<number>, cols: number, u: Float64Array): Float64Array {
  const sum = new Float64Array(cols);
  for (let i = 0; i < u.length; i++) {
    const factor = u[i] ?? 0;
    for (let j = 0; j < cols; j++) sum[j] = (sum[j] ?? 0) + factor * (a[i * cols + j] ?? 0);
  }
  return sum;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

/** a ← a + factor·b. */
function addScaled(a: Float64Array, b: Float64Array, factor: number): void {
  for (let i = 0; i < a.length; i++) a[i] = (a[i] ?? 0) + factor * (b[i] ?? 0);
}
