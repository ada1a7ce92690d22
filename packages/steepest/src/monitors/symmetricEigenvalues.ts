/**
 * The eigenvalues of a symmetric matrix in ascending order, from its n² entries, in float64: Householder's reduction to
 * tridiagonal form, then bisection by Sturm counts, to about 1e-15 of the largest. Only the lower triangle is read. Cost: 4n³/3
 * and some 100n² operations. Throws a RangeError where the entries are no square, or not finite.
 * Source: Golub & Van Loan, Matrix Computations, sections 8.3 and 8.4.
 */
export function symmetricEigenvalues(entries: ArrayLike<number>): number[] {
  const n = Math.round(Math.sqrt(entries.length));
  if (n * n !== entries.length)
    throw new RangeError(
      `symmetricEigenvalues needs the n² entries of a square matrix, got ${entries.length}`,
    );
  const a = Float64Array.from(entries);
  if (!a.every(Number.isFinite)) throw new RangeError("symmetricEigenvalues: an entry is not finite");
  const { diagonal, beside } = tridiagonal(a, n);
  return tridiagonalEigenvalues(diagonal, beside);
}

interface Tridiagonal {
  readonly diagonal: Float64Array;
  /** Entry i is at row i, column i − 1; the first is 0. */
  readonly beside: Float64Array;
}

/** An orthogonally similar tridiagonal matrix. Uses `a` up. */
function tridiagonal(a: Float64Array, n: number): Tridiagonal {
  const beside = new Float64Array(n);
  const [v, p] = [new Float64Array(n), new Float64Array(n)];
  for (let k = 0; k < n - 1; k++) {
    let scale = 0;
    for (let i = k + 1; i < n; i++) scale = Math.max(scale, Math.abs(at(a, i * n + k)));
    if (scale === 0) continue;
    let square = 0;
    for (let i = k + 1; i < n; i++) {
      v[i] = at(a, i * n + k) / scale;
      square += at(v, i) ** 2;
    }
    const first = at(v, k + 1);
    const length = first > 0 ? -Math.sqrt(square) : Math.sqrt(square);
    beside[k + 1] = length * scale;
    v[k + 1] = first - length;
    const half = length * (length - first); // vᵀv / 2
    if (half === 0) continue;
    reflect(a, n, k + 1, { v, p, half });
  }
  return { diagonal: Float64Array.from({ length: n }, (_, i) => at(a, i * n + i)), beside };
}

interface Reflection {
  readonly v: Float64Array;
  /** Room for a vector. */
  readonly p: Float64Array;
  readonly half: number;
}

/** A ← H A H for the part from `from` on, H = I − vvᵀ/half; the lower triangle only. */
function reflect(a: Float64Array, n: number, from: number, { v, p, half }: Reflection): void {
  p.fill(0);
  for (let i = from; i < n; i++) {
    let sum = at(a, i * n + i) * at(v, i);
    for (let j = from; j < i; j++) {
      const entry = at(a, i * n + j);
      sum += entry * at(v, j);
      p[j] = at(p, j) + entry * at(v, i);
    }
    p[i] = at(p, i) + sum;
  }
  let inner = 0;
  for (let i = from; i < n; i++) {
    p[i] = at(p, i) / half;
    inner += at(p, i) * at(v, i);
  }
  const share = inner / (2 * half);
  for (let i = from; i < n; i++) p[i] = at(p, i) - share * at(v, i);
  for (let i = from; i < n; i++) {
    const [vi, pi] = [at(v, i), at(p, i)];
    for (let j = from; j <= i; j++) a[i * n + j] = at(a, i * n + j) - vi * at(p, j) - pi * at(v, j);
  }
}

/** Halvings of an interval: beyond them neighbouring numbers are left. */
const HALVINGS = 60;

/** By bisection: the count of eigenvalues below x is that of the negative pivots of T − x. */
function tridiagonalEigenvalues(diagonal: Float64Array, beside: Float64Array): number[] {
  const n = diagonal.length;
  let bound = 0;
  for (let i = 0; i < n; i++)
    bound = Math.max(
      bound,
      Math.abs(at(diagonal, i)) + Math.abs(at(beside, i)) + (i + 1 < n ? Math.abs(at(beside, i + 1)) : 0),
    );
  if (bound === 0) return Array.from(diagonal);
  const squares = beside.map((b) => (b / bound) ** 2);
  const scaled = diagonal.map((d) => d / bound);
  const below = (x: number): number => {
    let [count, pivot] = [0, 1];
    for (let i = 0; i < n; i++) {
      pivot = at(scaled, i) - x - at(squares, i) / pivot;
      if (Math.abs(pivot) < Number.EPSILON ** 2) pivot = -(Number.EPSILON ** 2);
      if (pivot < 0) count++;
    }
    return count;
  };
  const found: number[] = [];
  for (let i = 0; i < n; i++) {
    let [low, high] = [found.at(-1) ?? -1, 1];
    for (let k = 0; k < HALVINGS && high - low > Number.EPSILON / 2; k++) {
      const middle = (low + high) / 2;
      if (below(middle) > i) high = middle;
      else low = middle;
    }
    found.push((low + high) / 2);
  }
  return found.map((x) => x * bound);
}

const at = (values: Float64Array, i: number): number => values[i] ?? Number.NaN;
