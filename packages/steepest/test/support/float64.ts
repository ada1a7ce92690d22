/** A matrix as rows of float64 numbers, for references that jax-js has no part in. */
export type Rows = readonly (readonly number[])[];

export const rowsOf = (values: ArrayLike<number>, [m, n]: readonly [number, number]): Rows =>
  Array.from({ length: m }, (_, i) => Array.from({ length: n }, (__, j) => values[i * n + j] ?? Number.NaN));

export const transpose = (a: Rows): Rows => (a[0] ?? []).map((_, j) => a.map((row) => row[j] ?? Number.NaN));

export const combine = (fn: (...entries: number[]) => number, ...matrices: readonly Rows[]): Rows =>
  (matrices[0] ?? []).map((row, i) => row.map((_, j) => fn(...matrices.map((a) => a[i]?.[j] ?? Number.NaN))));

export const times = (a: Rows, b: Rows): Rows => {
  const columns = transpose(b);
  return a.map((row) => columns.map((column) => dot(row, column)));
};

export const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, x, i) => sum + x * (b[i] ?? Number.NaN), 0);

/** ⟨A, B⟩. */
export const innerOf = (a: Rows, b: Rows): number => dot(a.flat(), b.flat());

export const frobeniusOf = (a: Rows): number => Math.hypot(...a.flat());

/** Singular values, descending, with both sides: A = U diag(σ) Vᵀ, U and V with min(m, n) columns. One-sided Jacobi. */
export function svdOf(a: Rows): { u: Rows; s: readonly number[]; v: Rows } {
  if (a.length < (a[0]?.length ?? 0)) {
    const { u, s, v } = svdOf(transpose(a));
    return { u: v, s, v: u };
  }
  const columns = transpose(a).map((column) => [...column]); // of A·V, made orthogonal
  const right = columns.map((_, i) => columns.map((__, j) => (i === j ? 1 : 0))); // columns of V
  for (let sweep = 0; sweep < 40; sweep++)
    for (let p = 0; p < columns.length; p++)
      for (let q = p + 1; q < columns.length; q++) rotate(columns, right, p, q);
  const order = columns
    .map((column, i) => ({ i, size: Math.hypot(...column) }))
    .sort((x, y) => y.size - x.size);
  const pick = (from: readonly (readonly number[])[], i: number): readonly number[] => from[i] ?? [];
  return {
    u: transpose(order.map(({ i, size }) => pick(columns, i).map((x) => (size > 0 ? x / size : 0)))),
    s: order.map(({ size }) => size),
    v: transpose(order.map(({ i }) => pick(right, i))),
  };
}

/** One Jacobi rotation that makes columns p and q orthogonal. */
function rotate(columns: number[][], right: number[][], p: number, q: number): void {
  const [x = [], y = []] = [columns[p], columns[q]];
  const [a, b, c] = [dot(x, x), dot(y, y), dot(x, y)];
  if (Math.abs(c) <= 1e-15 * Math.sqrt(a * b)) return;
  const zeta = (b - a) / (2 * c);
  const t = (zeta >= 0 ? 1 : -1) / (Math.abs(zeta) + Math.hypot(1, zeta));
  const cosine = 1 / Math.hypot(1, t);
  const sine = cosine * t;
  for (const side of [columns, right]) {
    const [first = [], second = []] = [side[p], side[q]];
    side[p] = first.map((e, k) => cosine * e - sine * (second[k] ?? 0));
    side[q] = first.map((e, k) => sine * e + cosine * (second[k] ?? 0));
  }
}

/** U diag(f(σ)) Vᵀ. */
export function spectrally(a: Rows, f: (sigma: number) => number): Rows {
  const { u, s, v } = svdOf(a);
  return times(
    u.map((row) => row.map((x, j) => x * f(s[j] ?? Number.NaN))),
    transpose(v),
  );
}
